"""Every user's pool through a strategy."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from stages.contracts.reasons import RawReasons
from stages.contracts.rows import Judgement, UserProfile
from stages.core.groups import runs
from stages.core.seeds import generator
from stages.llm.chat import ChatModel
from stages.llm.concurrently import in_order
from stages.rerank.films import Films, shown_user
from stages.rerank.judge import Judge
from stages.rerank.reasoner import Reasoner
from stages.rerank.strategy import Strategy


@dataclass(frozen=True)
class Bench:
    """What every user's judge needs: the model, films, user profiles by row, the seed and how many titles to show."""

    model: ChatModel
    films: Films
    users: Sequence[UserProfile]
    seed: int
    titles: int

    def judge(self, user: int, items: Sequence[int]) -> Judge:
        """The judge of one user, whose draws depend on the seed and the user alone."""
        profile = self.users[user]
        liked = [
            self.films.titles[self.films.row_of[item]] for item in profile.liked[: self.titles]
        ]
        films = [self.films.shown(item) for item in items]
        ids = [self.films.profiles[item].item_id for item in items]
        draw = generator(self.seed, "rerank", profile.user_id)
        return Judge(self.model, profile.user_id, shown_user(profile, liked), films, ids, draw)


def pools(
    candidates: pd.DataFrame, users: Iterable[int], size: int
) -> Iterator[tuple[int, np.ndarray]]:
    """User row and the item rows of its first `size` candidates, in the base order."""
    wanted = candidates[candidates["user_row"].isin(list(users)) & (candidates["place"] < size)]
    ordered = wanted.sort_values(["user_row", "place"])
    for user, rows in runs(ordered["user_row"].to_numpy()):
        yield user, ordered["item_row"].to_numpy()[rows]


@dataclass(frozen=True)
class Judged:
    """What a strategy made of pools: rows of schema JUDGED, every question asked, and the reasons asked after it."""

    values: pd.DataFrame
    judgements: list[Judgement]
    reasons: list[RawReasons]


async def judged(
    strategy: Strategy,
    bench: Bench,
    cases: Sequence[tuple[int, np.ndarray]],
    width: int = 1,
    label: str = "rerank",
    reasoner: Reasoner | None = None,
) -> Judged:
    """All pools judged, in the order of the cases; `width` users at the same time, each asked for reasons at its end."""

    async def one(case: tuple[int, np.ndarray]) -> Judged:
        return await _judged_user(strategy, bench, *case, reasoner)

    done = await in_order(one, cases, width, label)
    empty = pd.DataFrame({"user_row": [], "item_row": [], "place": [], "value": []})
    return Judged(
        pd.concat([user.values for user in done], ignore_index=True) if done else empty,
        [judgement for user in done for judgement in user.judgements],
        [reasons for user in done for reasons in user.reasons],
    )


async def _judged_user(
    strategy: Strategy, bench: Bench, user: int, items: np.ndarray, reasoner: Reasoner | None
) -> Judged:
    judge = bench.judge(user, items.tolist())
    values = await strategy.values(len(items), judge)
    reasons = (
        [await reasoner.ask(judge, bench.users[user], bench.films, values)] if reasoner else []
    )
    rows = pd.DataFrame(
        {"user_row": user, "item_row": items, "place": np.arange(len(items)), "value": values}
    )
    return Judged(rows, judge.judgements, reasons)
