"""The candidates from which `e2ep recommend` takes its lists, best first."""

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np

from e2ep_cli.newcomers.description import NEWCOMER_ID, SelfDescription
from e2ep_cli.newcomers.ranking import newcomer_candidates
from e2ep_cli.project.reading import (
    RankingChoice,
    candidate_rows,
    judged_values,
    user_ids,
    user_row,
)
from stages.contracts.fusion import fused_order
from stages.contracts.items import Item


@dataclass(frozen=True)
class RankedCandidates:
    """Candidates, best first, user by user; outside ids by user row; whom the list is for."""

    rows: list[dict[str, Any]]
    ids: dict[int, str]
    who: str


def rank_for_newcomer(
    choice: RankingChoice, catalogue: list[Item], newcomer: SelfDescription
) -> RankedCandidates:
    """All items that a newcomer has not named."""
    who = f"a newcomer {newcomer.in_words(catalogue)}"
    return RankedCandidates(newcomer_candidates(choice, newcomer), {0: NEWCOMER_ID}, who)


def rank_for_users(choice: RankingChoice, user: str | None) -> RankedCandidates:
    """One user's candidates, or everybody's, in fused order."""
    row = None if user is None else user_row(choice, user)
    ids = dict(enumerate(user_ids(choice)))
    values = {} if choice.strategy == "none" else judged_values(choice, row)
    users = itertools.groupby(candidate_rows(choice, row), key=lambda entry: entry["user_row"])
    rows = [entry for _, group in users for entry in _fused(list(group), values, choice.weight)]
    return RankedCandidates(rows, ids if row is None else {row: ids[row]}, f"user {user}")


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
