"""The candidates that `e2ep recommend` chooses from, best first: a user's, everybody's or a visitor's."""

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from e2ep_cli.newcomers.options import USER_ID

if TYPE_CHECKING:
    from e2ep_cli.newcomers.options import Guest
    from e2ep_cli.project.reading import Chosen, Film


@dataclass(frozen=True)
class Ranked:
    """Candidates best first, user by user; the outside id of each user row, and whom the list is for."""

    rows: list[dict[str, Any]]
    ids: dict[int, str]
    who: str


def for_visitor(chosen: "Chosen", catalogue: list["Film"], guest: "Guest") -> Ranked:
    """All films that a visitor has not named."""
    from e2ep_cli.newcomers import ranking as folding

    return Ranked(
        folding.candidate_rows(chosen, guest), {0: USER_ID}, f"somebody who {guest.told(catalogue)}"
    )


def for_users(chosen: "Chosen", user: str | None) -> Ranked:
    """One user's candidates, or everybody's, in fused order."""
    from e2ep_cli.project import reading

    row = None if user is None else reading.user_row(chosen, user)
    ids = dict(enumerate(reading.user_ids(chosen)))
    values = {} if chosen.strategy == "none" else reading.judged_values(chosen, row)
    users = itertools.groupby(reading.candidate_rows(chosen, row), key=lambda one: one["user_row"])
    rows = [one for _, group in users for one in _fused(list(group), values, chosen.weight)]
    return Ranked(rows, ids if row is None else {row: ids[row]}, f"user {user}")


def _fused(
    rows: list[dict[str, Any]], values: dict[tuple[int, int], float], weight: float
) -> list[dict[str, Any]]:
    """The judged pool in fused order, then the rest in the base order."""
    import numpy as np

    from stages.contracts.fusion import fused_order

    pool = [one for one in rows if (one["user_row"], one["item_row"]) in values]
    if not pool:
        return rows
    judge = np.array([values[one["user_row"], one["item_row"]] for one in pool], dtype=np.float64)
    return [pool[place] for place in fused_order(judge, weight)] + rows[len(pool) :]
