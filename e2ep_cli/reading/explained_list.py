"""A user's explained list as it is shown: in the order of the chosen weight, with fused scores."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from e2ep_cli.reading.choice import (
    RankingChoice,
    candidate_rows,
    explained_weight,
    made_strategies,
    shown_items,
    user_row,
)
from stages.contracts.items import Item
from stages.contracts.plan import COMPUTED_STRATEGIES
from stages.contracts.rows import JUDGED, Explained, Explanation, Judgement
from stages.core.errors import InputError, MissingError


@dataclass(frozen=True)
class ExplainedList:
    """An explained list, and what ordered it.

    weight: the judge's share, None if no judge has any. scores: the fused score of each item, which
    falls along the list; none where the order is the graph's own. unasked: items for which no
    reason was asked, by id. judge: the model that gave the values, if it is known.
    """

    explanation: Explanation
    weight: float | None = None
    scores: tuple[float, ...] = ()
    unasked: frozenset[str] = frozenset()
    judge: str = ""

    @property
    def strategy(self) -> str:
        """The strategy's name."""
        return self.explanation.strategy

    @property
    def source(self) -> str:
        """Who gave the reasons."""
        return self.explanation.source

    @property
    def is_by_one(self) -> bool:
        """Whether one model gave the judge's values and the reasons."""
        return self.weight is not None and self.judge in ("", self.source)

    @property
    def order(self) -> str:
        """What the order is made of, in words."""
        if self.weight is None:
            return f"computed by {self.strategy}" if self.scores else "the graph's own"
        judge = round(100 * self.weight)
        return f"by score, {judge} % judge + {100 - judge} % place in the graph's order"

    def first(self, k: int | None) -> list[tuple[Explained, float | None]]:
        """The first `k` items, by default all, each with its fused score if it was judged."""
        items = self.explanation.items[:k]
        return list(zip(items, self.scores[:k] or [None] * len(items), strict=True))


def explanation_of(choice: RankingChoice, user: str, k: int | None) -> ExplainedList:
    """The user's list under the choice; an InputError if it is shorter than `k`."""
    explanation = _explanation(choice, choice.strategy, user)
    if explanation is None:
        raise InputError(
            f"user {user} was not reranked; set rerank.users to all and run `e2ep run`"
        )
    if k and k > len(explanation.items):
        raise InputError(
            f"-k {k} is more than the {len(explanation.items)} items explained; "
            "see rerank.reasons.k in params.yaml"
        )
    if choice.strategy == "none":
        return ExplainedList(explanation)
    row = user_row(choice, user)
    pool = _judged_pool(choice, row)
    if not choice.weight:
        # Nobody's values count, so this is the graph's own list with reasons of another
        return _reordered(choice, explanation, pool, row)
    judge = _judge(choice, user)
    if choice.weight == explained_weight(choice.params, choice.strategy):
        _, scores = _fused(pool, choice.weight)
        own = tuple(scores[item.graph_place] for item in explanation.items)
        judged = None if choice.strategy in COMPUTED_STRATEGIES else choice.weight
        return ExplainedList(explanation, judged, own, judge=judge)
    return replace(_reordered(choice, explanation, pool, row), judge=judge)


def _reordered(
    choice: RankingChoice, explanation: Explanation, pool: Sequence[Mapping[str, Any]], row: int
) -> ExplainedList:
    """The list at another weight than the one at which it was explained.

    A reason does not depend on the order, so each item keeps the one that it has in this list or in
    another explained one of the same user.
    """
    order, scores = _fused(pool, choice.weight)
    order = order[: len(explanation.items)]
    known = {item.item_id: item for item in _explained_anywhere(choice, explanation)}
    catalogue = shown_items(choice)
    graph = {entry["item_row"]: entry["score"] for entry in candidate_rows(choice, row)}
    items, unasked = [], set()
    for place, at in enumerate(order):
        entry = pool[at]
        item = catalogue[entry["item_row"]]
        if item.item_id not in known:
            unasked.add(item.item_id)
        reason = known.get(item.item_id) or _without_reason(item)
        items.append(
            reason.model_copy(
                update={
                    "graph_score": round(graph[entry["item_row"]], 5),
                    "graph_place": entry["place"],
                    "judge_value": round(entry["value"], 5),
                    "place": place,
                }
            )
        )
    return ExplainedList(
        explanation.model_copy(update={"items": tuple(items)}),
        choice.weight or None,
        tuple(scores[at] for at in order) if choice.weight else (),
        frozenset(unasked),
    )


def _explained_anywhere(choice: RankingChoice, first: Explanation) -> list[Explained]:
    """What is explained to the user in any list, the items of `first` last, so that they count."""
    others = [
        _explanation(choice, name, first.user_id)
        for name in made_strategies(choice, "explain")
        if name != choice.strategy
    ]
    lists = [*(each for each in reversed(others) if each is not None), first]
    return [item for each in lists for item in each.items]


def _without_reason(item: Item) -> Explained:
    return Explained(
        item_id=item.item_id,
        title=item.title,
        graph_score=0.0,
        graph_place=0,
        judge_value=0.0,
        place=0,
        claims=(),
        dropped=0,
        reason="",
    )


def _explanation(choice: RankingChoice, strategy: str, user: str) -> Explanation | None:
    """The user's list as the stage explain wrote it; a MissingError names what it has explained."""
    path = replace(choice, strategy=strategy).path("explain")
    is_made = choice.store.exists(path)
    if not is_made and strategy in choice.explained:
        raise MissingError(
            f"run {choice.run.name} has not explained strategy {strategy!r} yet; "
            f"`{choice.run.command}` completes it"
        )
    if not is_made:
        made = ", ".join(made_strategies(choice, "explain")) or "none of them"
        raise MissingError(
            f"strategy {strategy!r} was not explained for {choice.dataset} {choice.split}, only "
            f"{made}; list it in rerank.reasons.strategies of params.yaml and run `e2ep run`"
        )
    return choice.store.line(path, Explanation, user)


def _judged_pool(choice: RankingChoice, row: int) -> list[dict[str, Any]]:
    """The user's judged candidates in the graph's order: item_row, place, value."""
    table = choice.store.table(choice.path("rerank") / "judged.parquet", JUDGED, row)
    return list(table.sort_by("place").to_pylist())


def _judge(choice: RankingChoice, user: str) -> str:
    """The model that judged the user's candidates."""
    asked = choice.store.line(choice.path("rerank") / "judgements.jsonl", Judgement, user)
    return asked.model if asked else ""


def _fused(pool: Sequence[Mapping[str, Any]], weight: float) -> tuple[list[int], list[float]]:
    """The places of the pool in fused order, and the fused score of each place."""
    import numpy as np

    from stages.contracts.fusion import fused_order, fused_scores

    values = np.array([entry["value"] for entry in pool], dtype=np.float64)
    return fused_order(values, weight).tolist(), fused_scores(values, weight).tolist()
