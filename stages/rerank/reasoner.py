"""Reasons for one user's ranking, asked in the conversation that judged it, so that what it showed is cached."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from stages.contracts.fusion import fused_order
from stages.contracts.reasons import RawClaim, RawFilm, RawReasons
from stages.contracts.rows import UserProfile
from stages.llm.structured import ask
from stages.rerank.films import Films
from stages.rerank.judge import Judge
from stages.rerank.reasons import Claimed, reasons_task


@dataclass(frozen=True)
class Reasoner:
    """Asks for up to `claims` claims for each of the first `k` films of a list fused with `weight`."""

    k: int
    claims: int
    weight: float

    async def ask(
        self, judge: Judge, user: UserProfile, films: Films, values: np.ndarray
    ) -> RawReasons:
        """One question for the whole list, in the judge's conversation; nothing in the answer is checked yet.

        values: the strategy's, one for each of the judge's candidates, shape (n,).
        """
        places = self._first(values)
        evidence = _labelled("E", user.liked)
        recommended = _labelled("R", [judge.item_ids[place] for place in places])
        task = reasons_task(
            _shown_taste(user), _shown(films, evidence), _shown(films, recommended), self.claims
        )
        answer = await ask(judge.model, task.after(judge.conversation(places)))
        said = {one.label: one.claims for one in answer.value.reasons} if answer.value else {}
        items = [
            RawFilm(
                item_id=item,
                claims=tuple(_raw(claim, evidence | recommended) for claim in said.get(label, ())),
            )
            for label, item in recommended.items()
        ]
        return RawReasons(
            user_id=user.user_id,
            outcome=answer.outcome,
            model=answer.reply.model,
            items=tuple(items),
        )

    def _first(self, values: np.ndarray) -> list[int]:
        """Places of the first k; values as they are read back from the table, so that near ties fall the same way."""
        kept = values.astype(np.float32).astype(np.float64)
        return fused_order(kept, self.weight)[: self.k].tolist()


def _labelled(letter: str, items: Iterable[str]) -> dict[str, str]:
    return {f"{letter}{number:02d}": item for number, item in enumerate(items, 1)}


def _shown(films: Films, labels: Mapping[str, str]) -> list[dict[str, Any]]:
    return [{"label": label, **films.shown(films.row_of[item])} for label, item in labels.items()]


def _shown_taste(user: UserProfile) -> dict[str, Any]:
    return {"genres": list(user.profile.genres), "tags": list(user.profile.tags)}


def _raw(claim: Claimed, meant: Mapping[str, str]) -> RawClaim:
    known, foreign = (
        [label for label in claim.evidence if (label in meant) == is_known]
        for is_known in (True, False)
    )
    return RawClaim(
        attribute=claim.attribute,
        cited=tuple(meant[label] for label in known),
        foreign=tuple(foreign),
    )
