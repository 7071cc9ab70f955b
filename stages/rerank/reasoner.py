"""Reasons for one user's ranking, asked in the conversation that judged it, which is cached."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from stages.contracts.fusion import fused_order
from stages.contracts.items import ProfiledItems
from stages.contracts.reasons import RawClaim, RawItem, RawReasons
from stages.contracts.rows import UserProfile
from stages.contracts.shown import shown_item
from stages.llm.answers.labels import numbered
from stages.llm.answers.structured import ask
from stages.llm.chat import ChatModel
from stages.rerank.judge import Judge
from stages.rerank.reasons import Claimed, reasons_task


@dataclass(frozen=True)
class Reasoner:
    """Asks for up to `claims` claims for each of the first `k` items fused with `weight`."""

    k: int
    claims: int
    weight: float

    async def ask(
        self,
        judge: Judge,
        user: UserProfile,
        catalogue: ProfiledItems,
        values: np.ndarray,
        explainer: ChatModel | None = None,
    ) -> RawReasons:
        """One question for the whole list, in the judge's conversation; nothing is checked yet.

        values: the strategy's, one for each of the judge's candidates, shape (n,); explainer: the
        chat model that is asked instead of the judge, on its own.
        """
        # In the precision of the table, so that near ties break as they do when it is read back.
        kept = values.astype(np.float32).astype(np.float64)
        places = fused_order(kept, self.weight)[: self.k].tolist()
        evidence = _labelled("E", user.liked)
        recommended = _labelled("R", [judge.item_ids[place] for place in places])
        taste = {"genres": list(user.profile.genres), "tags": list(user.profile.tags)}
        shown = _shown(catalogue, evidence), _shown(catalogue, recommended)
        task = reasons_task(taste, *shown, self.claims, judge.words)
        before = () if explainer else judge.conversation(places)
        answer = await ask(explainer or judge.model, task.after(before))
        reasons = answer.value.reasons if answer.value else []
        claims_of = {reason.label: reason.claims for reason in reasons}
        item_of = evidence | recommended
        items = [
            RawItem(
                item_id=item,
                claims=tuple(_raw(claim, item_of) for claim in claims_of.get(label, ())),
            )
            for label, item in recommended.items()
        ]
        return RawReasons(
            user_id=user.user_id,
            outcome=answer.outcome,
            model=answer.reply.model,
            items=tuple(items),
        )


def _labelled(letter: str, items: Iterable[str]) -> dict[str, str]:
    items = list(items)
    return dict(zip(numbered(letter, len(items)), items, strict=True))


def _shown(catalogue: ProfiledItems, item_of: Mapping[str, str]) -> list[dict[str, Any]]:
    """The item of each label as shown, with the people that a claim may name."""
    rows = {label: catalogue.row_of[item] for label, item in item_of.items()}
    return [
        {
            "label": label,
            **shown_item(catalogue.items[row], catalogue.profiles[row].profile, ["people"]),
        }
        for label, row in rows.items()
    ]


def _raw(claim: Claimed, item_of: Mapping[str, str]) -> RawClaim:
    """The claim with item ids instead of labels; a label that was not shown is left as it is."""
    return RawClaim(
        attribute=claim.attribute,
        cited=tuple(item_of[label] for label in claim.evidence if label in item_of),
        foreign=tuple(label for label in claim.evidence if label not in item_of),
    )
