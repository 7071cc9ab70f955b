"""Runs every user's pool through a strategy."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from stages.contracts.items import ProfiledItems
from stages.contracts.reasons import RawReasons
from stages.contracts.rows import Judgement, UserProfile
from stages.contracts.scale import POSITIVE
from stages.contracts.shown import Detail, shown_item, shown_user
from stages.contracts.words import FILMS, DomainWords
from stages.core.groups import runs
from stages.core.seeds import generator
from stages.llm.chat import ChatModel
from stages.llm.concurrently import in_order
from stages.rerank.judge import Judge
from stages.rerank.reasoner import Reasoner
from stages.rerank.strategy import Strategy

if TYPE_CHECKING:
    import pandas as pd

UserPool = tuple[int, np.ndarray]
"""User row and the item rows of their candidates, in the base order."""


@dataclass(frozen=True)
class Bench:
    """What every user's judge needs; `users` is by row, `titles` is how many titles are shown."""

    model: ChatModel
    catalogue: ProfiledItems
    users: Sequence[UserProfile]
    seed: int
    titles: int
    explainer: ChatModel | None = None
    """Gives the reasons if it is a different one: a reranker cannot."""
    words: DomainWords = FILMS
    details: Sequence[Detail] = ()
    """What is shown of a candidate besides title, year, genres and tags."""
    recent: Mapping[int, Sequence[int]] = field(default_factory=dict)
    """User row → the item rows that they liked last, if these are shown."""

    def judge(self, user_row: int, item_rows: Sequence[int]) -> Judge:
        """The judge of one user, whose draws depend on the seed and the user alone."""
        user, items = self.users[user_row], self.catalogue.items
        liked = [items[self.catalogue.row_of[item]].title for item in user.liked[: self.titles]]
        last = [items[row].title for row in self.recent.get(user_row, ())]
        return Judge(
            model=self.model,
            user_id=user.user_id,
            user=shown_user(user.profile, liked, self.words, last),
            candidates=[
                shown_item(items[row], self.catalogue.profiles[row].profile, self.details)
                for row in item_rows
            ],
            item_ids=[items[row].item_id for row in item_rows],
            draw=generator(self.seed, "rerank", user.user_id),
            words=self.words,
        )


def liked_last(train: "pd.DataFrame", most: int) -> dict[int, list[int]]:
    """User row → the rows of the items that they liked last in training, the latest first.

    None where no order of ratings is known. train: rows of schema RATINGS.
    """
    liked = train[(train["rating"] >= POSITIVE) & (train["nth"] >= 0)]
    latest = liked.sort_values(["user_row", "nth"], ascending=[True, False])
    chosen = latest.groupby("user_row", sort=True).head(most)
    items = chosen["item_row"].to_numpy()
    return {user: items[rows].tolist() for user, rows in runs(chosen["user_row"].to_numpy())}


def pools(candidates: "pd.DataFrame", users: Iterable[int], size: int) -> Iterator[UserPool]:
    """The first `size` candidates of each of these users."""
    pooled = candidates[candidates["user_row"].isin(list(users)) & (candidates["place"] < size)]
    ordered = pooled.sort_values(["user_row", "place"])
    for user, rows in runs(ordered["user_row"].to_numpy()):
        yield user, ordered["item_row"].to_numpy()[rows]


@dataclass(frozen=True)
class Judged:
    """A strategy's results: rows of schema JUDGED, all questions, and the reasons."""

    values: "pd.DataFrame"
    judgements: list[Judgement]
    reasons: list[RawReasons]


async def judged(
    strategy: Strategy,
    bench: Bench,
    cases: Sequence[UserPool],
    width: int = 1,
    label: str = "rerank",
    reasoner: Reasoner | None = None,
) -> Judged:
    """All pools judged, in the order of the cases, `width` users at a time; reasons come last."""
    import pandas as pd

    async def judge_pool(case: UserPool) -> Judged:
        user_row, item_rows = case
        n, judge = len(item_rows), bench.judge(user_row, item_rows.tolist())
        values = await strategy.values(n, judge)
        rows = {"user_row": user_row, "item_row": item_rows, "place": np.arange(n), "value": values}
        reasons = (
            [
                await reasoner.ask(
                    judge, bench.users[user_row], bench.catalogue, values, bench.explainer
                )
            ]
            if reasoner
            else []
        )
        return Judged(pd.DataFrame(rows), judge.judgements, reasons)

    done = await in_order(judge_pool, cases, width, label, bench.model)
    empty = pd.DataFrame({"user_row": [], "item_row": [], "place": [], "value": []})
    return Judged(
        pd.concat([made.values for made in done], ignore_index=True) if done else empty,
        [judgement for made in done for judgement in made.judgements],
        [reasons for made in done for reasons in made.reasons],
    )
