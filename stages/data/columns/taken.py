"""What was taken from each of a person's files, and what was left."""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from stages.contracts.understood import FileKind, FileUnderstood
from stages.core.characters import shown_text
from stages.data.columns.columns import under_own_names
from stages.data.sheets.faults import brief
from stages.data.sheets.left_out import LeftOut
from stages.data.sheets.sheet import Sheet

_LONGEST_NAME = 200


@dataclass(frozen=True)
class Taken:
    """A person's file, the columns taken from it, and what became of its rows.

    whole: as it was read; it knows which of its rows are out. columns: key → its column.
    """

    holds: FileKind
    whole: Sheet
    columns: dict[str, str]

    @property
    def sheet(self) -> Sheet:
        """Only the columns taken, under the project's names."""
        return under_own_names(self.whole, self.columns)

    def as_understood(self, left_out: Iterable[LeftOut]) -> FileUnderstood:
        """What is kept of it; left_out: of all files."""
        own = [each for each in left_out if each.file in self.whole.names]
        return FileUnderstood(
            file=", ".join(map(_kept_name, self.whole.names)),
            holds=self.holds,
            form=self.whole.form,
            columns={key: _kept_name(column) for key, column in self.columns.items()},
            unused=tuple(
                _kept_name(column)
                for column in self.whole.columns
                if column not in self.columns.values()
            ),
            rows=len(self.whole.rows),
            kept=int(self.whole.kept.sum()),
            left_out=_counted(each for each in own if not each.column),
            unknown=_counted(each for each in own if each.column),
        )


def unmatched_ids(
    ratings: pd.DataFrame, movies: pd.DataFrame, users: pd.DataFrame | None
) -> dict[str, int]:
    """What has no counterpart in another file → how many; `users` as the users' file has them."""
    counts = {"items without a rating": _lacking(movies["movie_id"], ratings["movie_id"])}
    if users is not None:
        counts["users without a rating"] = _lacking(users["user_id"], ratings["user_id"])
        counts["users with ratings alone"] = _lacking(ratings["user_id"], users["user_id"])
    return {what: count for what, count in counts.items() if count}


def _lacking(ids: pd.Series, there: pd.Series) -> int:
    return int((~pd.Series(ids.unique()).isin(there.unique())).sum())


def _kept_name(name: str) -> str:
    """A name on one line, and not longer than a person reads."""
    return brief(name, _LONGEST_NAME)


def _counted(left_out: Iterable[LeftOut]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for each in left_out:
        reason = shown_text(f"{each.column}: {each.why}" if each.column else each.why)
        counts[reason] = counts.get(reason, 0) + each.rows
    return counts
