"""The judge of one user's candidates: shuffled labels out, checked answers back."""

from collections.abc import Coroutine, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from stages.contracts.rows import Judgement
from stages.contracts.words import FILMS, DomainWords
from stages.llm.answers.labels import numbered
from stages.llm.answers.structured import Answer, ask
from stages.llm.chat import ChatModel
from stages.llm.concurrently import together
from stages.llm.task import Message
from stages.rerank.questions import order_task, pick_task, score_task


@dataclass(frozen=True)
class Talk:
    """A question that was answered, and the places that it showed."""

    shown: frozenset[int]
    answer: Answer[Any]


@dataclass
class Judge:
    """Asks `model` about the candidates of one user.

    candidates: as shown, in the base order; item_ids: their ids, for the record. A candidate is
    known by its place in the base order, from 0. Labels are drawn and a line of the record is
    reserved when a method is called, not when its answer arrives, so that concurrent questions
    always leave the same record.
    """

    model: ChatModel
    user_id: str
    user: dict[str, Any]
    candidates: Sequence[dict[str, Any]]
    item_ids: Sequence[str]
    draw: np.random.Generator
    words: DomainWords = FILMS
    record: list[Judgement | None] = field(default_factory=list)
    talks: dict[int, Talk] = field(default_factory=dict)
    """The questions with a usable answer, by line of the record."""

    @property
    def judgements(self) -> list[Judgement]:
        """Every finished question, in the order asked."""
        return [judgement for judgement in self.record if judgement]

    def conversation(self, places: Sequence[int]) -> tuple[Message, ...]:
        """The messages of the answered question that showed most of these places, or none.

        If several show equally many, it is the one asked last.
        """
        shared = [(len(talk.shown.intersection(places)), line) for line, talk in self.talks.items()]
        return self.talks[max(shared)[1]].answer.conversation if shared else ()

    async def order(self, places: Sequence[int], diverse: bool = False) -> list[int]:
        """All the places, best first; those that the answer leaves out follow in the base order."""
        known = await self.ordered(places, diverse)
        return known + sorted(set(places) - set(known))

    def ordered(
        self, places: Sequence[int], diverse: bool = False
    ) -> Coroutine[Any, Any, list[int]]:
        """The places that the answer orders, best first, without unknown or repeated labels.

        diverse: whether to ask for a list that is varied too.
        """
        return self._ordered(self._labels(places), self._line(), diverse)

    def scores(self, places: Sequence[int]) -> Coroutine[Any, Any, dict[int, float]]:
        """A score of 0–100 for each place that the answer scores; the others are missing."""
        return self._scores(self._labels(places), self._line())

    async def best(self, groups: Iterable[Sequence[int]]) -> list[int]:
        """The best place of each group, all asked at once; the first if there is no answer."""
        groups = list(groups)
        said = await together(self._pick(self._labels(group), self._line()) for group in groups)
        return [
            min(group) if place is None else place
            for group, place in zip(groups, said, strict=True)
        ]

    async def compare(self, pairs: Sequence[tuple[int, int]], both: bool = False) -> list[bool]:
        """Whether the first of each pair is preferred, all asked at once.

        both: ask about each pair in both orders. If the two answers disagree, or there is none, the
        base order decides.
        """
        asked = [self._labels(pair) for pair in pairs]
        turned = [_labelled([*labels.values()][::-1]) for labels in asked] if both else []
        said = await together(self._pick(labels, self._line()) for labels in asked + turned)
        votes = [set(said[number :: len(pairs)]) - {None} for number in range(len(pairs))]
        return [
            min(pair) == pair[0] if len(v) != 1 else v == {pair[0]}
            for pair, v in zip(pairs, votes, strict=True)
        ]

    async def _ordered(self, labels: dict[str, int], line: int, diverse: bool) -> list[int]:
        shown = self._shown(labels)
        answer = await ask(self.model, order_task(self.user, shown, self.words, diverse))
        known = [labels[label] for label in answer.value.order] if answer.value else []
        self._keep(line, labels, answer, order=known)
        return known

    async def _scores(self, labels: dict[str, int], line: int) -> dict[int, float]:
        answer = await ask(self.model, score_task(self.user, self._shown(labels), self.words))
        said = answer.value.scores if answer.value else []
        known = {labels[score.label]: score.score for score in said}
        self._keep(line, labels, answer, scores=known)
        return known

    async def _pick(self, labels: dict[str, int], line: int) -> int | None:
        answer = await ask(self.model, pick_task(self.user, self._shown(labels), self.words))
        place = labels[answer.value.best] if answer.value else None
        self._keep(line, labels, answer, order=[] if place is None else [place])
        return place

    def _labels(self, places: Sequence[int]) -> dict[str, int]:
        """Opaque labels for places, in the seeded shuffled order in which they are shown."""
        return _labelled(self.draw.permutation(np.asarray(places)).tolist())

    def _line(self) -> int:
        self.record.append(None)
        return len(self.record) - 1

    def _shown(self, labels: dict[str, int]) -> list[dict[str, Any]]:
        return [{"label": label, **self.candidates[place]} for label, place in labels.items()]

    def _keep(
        self,
        line: int,
        labels: dict[str, int],
        answer: Answer[Any],
        order: Sequence[int] = (),
        scores: dict[int, float] | None = None,
    ) -> None:
        shown = list(labels.values())
        self.record[line] = Judgement(
            user_id=self.user_id,
            shown=tuple(self.item_ids[place] for place in shown),
            scores=tuple(scores.get(place) for place in shown) if scores else None,
            order=tuple(self.item_ids[place] for place in order) if order else None,
            outcome=answer.outcome,
            model=answer.reply.model,
        )
        if answer.value is not None:
            self.talks[line] = Talk(frozenset(shown), answer)


def _labelled(shown: Sequence[int]) -> dict[str, int]:
    return dict(zip(numbered("F", len(shown)), shown, strict=True))
