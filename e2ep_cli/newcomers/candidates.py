"""The candidates from which `e2ep recommend` takes its lists, best first."""

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np

from e2ep_cli.newcomers.description import NEWCOMER_ID, SelfDescription
from e2ep_cli.newcomers.ranking import newcomer_candidates
from e2ep_cli.reading.choice import (
    RankingChoice,
    candidate_rows,
    judged_values,
    user_ids,
    user_row,
)
from stages.contracts.fusion import fused_order
from stages.contracts.items import Item
from stages.contracts.rows import RATINGS


@dataclass(frozen=True)
class RankedCandidates:
    """Candidates, best first, user by user; outside ids by user row; whom the list is for.

    rated: user rows and item rows, (ratings,) each, of what they have rated or named. unranked:
    item rows that the split ranks for nobody: in cold-items, where others are rated, all of those.
    """

    rows: list[dict[str, Any]]
    ids: dict[int, str]
    who: str
    rated: tuple[np.ndarray, np.ndarray]
    unranked: np.ndarray


def rank_for_newcomer(
    choice: RankingChoice, catalogue: list[Item], newcomer: SelfDescription
) -> RankedCandidates:
    """All items that a newcomer has not named."""
    who = f"a newcomer {newcomer.in_words(catalogue, choice.words)}"
    named = np.array(newcomer.liked + newcomer.disliked)
    rated, nothing = (np.zeros_like(named), named), np.zeros(0, dtype=np.int64)
    rows = newcomer_candidates(choice, newcomer)
    return RankedCandidates(rows, {0: NEWCOMER_ID}, who, rated, nothing)


def rank_for_users(choice: RankingChoice, user: str | None) -> RankedCandidates:
    """One user's candidates, or everybody's, in fused order."""
    row = None if user is None else user_row(choice, user)
    values = {} if choice.strategy == "none" else judged_values(choice, row)
    users = itertools.groupby(candidate_rows(choice, row), key=lambda entry: entry["user_row"])
    rows = [entry for _, group in users for entry in _fused(list(group), values, choice.weight)]
    cold = choice.split.startswith("cold-items")
    unranked = np.unique(_rated(choice, None)[1]) if cold else np.zeros(0, dtype=np.int64)
    whose = dict(enumerate(user_ids(choice))) if user is None or row is None else {row: user}
    return RankedCandidates(rows, whose, f"user {user}", _rated(choice, row), unranked)


def _rated(choice: RankingChoice, row: int | None) -> tuple[np.ndarray, np.ndarray]:
    """User rows and item rows of the ratings that the model was fitted on, of one user or all."""
    folder = choice.path("prepare") / "splits" / choice.split
    tables = [
        choice.store.table(folder / f"{part}.parquet", RATINGS, row) for part in ("train", "valid")
    ]
    user, item = (
        np.concatenate([table[name].to_numpy() for table in tables])
        for name in ("user_row", "item_row")
    )
    return user, item


def _fused(
    rows: list[dict[str, Any]], values: dict[tuple[int, int], float], weight: float
) -> list[dict[str, Any]]:
    """The judged pool in fused order, then the rest in the base order."""
    pool = [entry for entry in rows if (entry["user_row"], entry["item_row"]) in values]
    if not pool:
        return rows
    judge = np.array(
        [values[entry["user_row"], entry["item_row"]] for entry in pool], dtype=np.float64
    )
    return [pool[place] for place in fused_order(judge, weight)] + rows[len(pool) :]
