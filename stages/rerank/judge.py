"""The judge of one user's candidates: seeded shuffled labels out, checked answers back, every question recorded."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from stages.core.schema import Judgement
from stages.llm.chat import ChatModel
from stages.llm.structured import Answer, ask
from stages.rerank.questions import Order, Scores, order_task, score_task


@dataclass
class Judge:
    """Asks `model` about the candidates of one user.

    films: what is shown of each candidate, in the base order; item_ids: their ids, for the record. Candidates are known
    by their place in the base order, from 0.
    """

    model: ChatModel
    user_id: str
    user: dict[str, Any]
    films: Sequence[dict[str, Any]]
    item_ids: Sequence[str]
    draw: np.random.Generator
    judgements: list[Judgement] = field(default_factory=list)

    async def order(self, places: Sequence[int]) -> list[int]:
        """The places, best first: foreign and repeated labels dropped, missing ones appended in the base order."""
        labels = self._labels(places)
        answer = await ask(self.model, order_task(self.user, self._shown(labels)))
        said = answer.value.order if answer.value else []
        known = list(dict.fromkeys(labels[label] for label in said if label in labels))
        outcome = answer.outcome if known else "invalid" if answer.outcome == "answered" else answer.outcome
        self._record(labels, answer, outcome, order=known)
        return known + sorted(set(places) - set(known))

    async def scores(self, places: Sequence[int]) -> dict[int, float]:
        """A score of 0–100 for each place that was answered; the others are missing."""
        labels = self._labels(places)
        answer = await ask(self.model, score_task(self.user, self._shown(labels)))
        said = answer.value.scores if answer.value else []
        known = {labels[score.label]: score.score for score in said if score.label in labels}
        outcome = answer.outcome if known else "invalid" if answer.outcome == "answered" else answer.outcome
        self._record(labels, answer, outcome, scores=known)
        return known

    def _labels(self, places: Sequence[int]) -> dict[str, int]:
        """Opaque labels for places, in the seeded shuffled order in which they are shown."""
        return {f"F{n + 1:02d}": int(place) for n, place in enumerate(self.draw.permutation(np.asarray(places)))}

    def _shown(self, labels: dict[str, int]) -> list[dict[str, Any]]:
        return [{"label": label, **self.films[place]} for label, place in labels.items()]

    def _record(
        self,
        labels: dict[str, int],
        answer: Answer[Order] | Answer[Scores],
        outcome: str,
        order: list[int] | None = None,
        scores: dict[int, float] | None = None,
    ) -> None:
        shown = list(labels.values())
        self.judgements.append(
            Judgement(
                user_id=self.user_id,
                shown=tuple(self.item_ids[place] for place in shown),
                scores=tuple(scores.get(place) for place in shown) if scores else None,
                order=tuple(self.item_ids[place] for place in order) if order else None,
                outcome=outcome,
                model=answer.reply.model,
            )
        )
