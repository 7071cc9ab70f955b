"""Which column of the ratings names the items, and which one of the items' file: by name and fit.

A column that is called right but whose values are not there is not taken if another one fits.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from stages.core.errors import InputError
from stages.data.columns.columns import several
from stages.data.columns.names import ROW_ID, USUAL, ends_in_id, plain_name
from stages.data.sheets.sheet import Sheet

_FITS = 0.5
"""The least share of the ratings' ids that must be in a file for a column to be taken by fit."""
_NAMED = 1
"""The last of the ranks at which a name alone is enough."""


@dataclass(frozen=True)
class _Pair:
    """A column of the ratings and one of the file that describes what it names.

    rank: how much the names say; 0 the most.
    """

    rated: str
    described: str
    rank: int
    share: float


@dataclass(frozen=True)
class _Ids:
    """Two files that meet in the ids of users, or of items."""

    key: str
    rated: Sheet
    described: Sheet
    named: Mapping[str, str]

    @cached_property
    def pairs(self) -> list[_Pair]:
        """All pairs that could be meant, those of the likeliest names first."""
        ranked = [
            (rank, left, right)
            for left in self._columns(self.rated)
            for right in self._columns(self.described)
            if (rank := self._rank(left, right)) is not None
        ]
        asked = {right for _, _, right in ranked}
        unique = {right for right in asked if self.described.rows[right].str.strip().is_unique}
        rated = {left: _ids(self.rated, left) for left in {left for _, left, _ in ranked}}
        known = {right: _ids(self.described, right) for right in unique or asked}
        return [
            _Pair(left, right, rank, float(rated[left].isin(known[right]).mean()))
            for rank, left, right in sorted(ranked, key=lambda pair: (pair[0], self._place(pair)))
            if right in known
        ]

    def _columns(self, sheet: Sheet) -> list[str]:
        """The columns that may hold the ids: the named one alone, if it is there."""
        if self.named.get(self.key) in sheet.columns:
            return [self.named[self.key]]
        others = {column for key, column in self.named.items() if key != self.key}
        usual = {name for key, names in USUAL.items() if key != self.key for name in names}
        usual -= set(USUAL[self.key])
        return [
            column
            for column in sheet.columns
            if column not in others and plain_name(column) not in usual
        ]

    def _rank(self, left: str, right: str) -> int | None:
        """How much the names say of this pair; None if they say nothing."""
        named = self.named.get(self.key)
        known = left == named or plain_name(left) in USUAL[self.key]
        like_an_id = self.key == "item" and ends_in_id(left)
        same = plain_name(left) == plain_name(right)
        own = right == named or plain_name(right) in (ROW_ID, *USUAL[self.key])
        if plain_name(left) == ROW_ID and left != named:
            return None
        if same and (known or like_an_id):
            return 0
        if known or like_an_id:
            meets = own or (self.key == "item" and ends_in_id(right))
            return None if not meets else _NAMED if known else 2
        return 3 if same else None

    def _place(self, pair: tuple[int, str, str]) -> tuple[int, ...]:
        names = (*USUAL[self.key], ROW_ID)
        return tuple(
            names.index(name) if (name := plain_name(column)) in names else len(names)
            for column in pair[1:]
        )

    def best(self) -> tuple[str, str] | None:
        """The pair whose names say most of those that fit, else the only one that is called right.

        None if there is neither. Two that are equally good are an InputError.
        """
        for rank in sorted({pair.rank for pair in self.pairs}):
            fitting = [pair for pair in self.pairs if pair.rank == rank and pair.share >= _FITS]
            if fitting:
                return self._only(fitting)
        called = [pair for pair in self.pairs if pair.rank <= _NAMED]
        return self._only(called) if called else None

    def _only(self, pairs: list[_Pair]) -> tuple[str, str]:
        rated = list(dict.fromkeys(pair.rated for pair in pairs))
        if len(rated) > 1:
            raise several(self.rated, self.key, rated)
        best = max(pairs, key=lambda pair: pair.share)
        if best.share == 0 and self.key == "item":
            raise self._nothing_fits(best)
        return best.rated, best.described

    def _nothing_fits(self, pair: _Pair) -> InputError:
        left, right = _ids(self.rated, pair.rated), _ids(self.described, pair.described)
        alike = bool(_bare(left).isin(_bare(right)).any())
        cure = (
            "they match but for case, leading zeros or a .0 at the end, so write them alike"
            if alike
            else f"name the columns that match: --columns {self.key}=COLUMN"
        )
        return InputError(
            f"{self.rated.path}: none of the {len(left):,} values of {pair.rated}, such as "
            f"{left[0]!r}, is in the column {pair.described} of {self.described.path}, which has "
            f"{right[0]!r}; {cure}"
        )


def matched_ids(
    key: str, rated: Sheet, described: Sheet, named: Mapping[str, str]
) -> tuple[str, str] | None:
    """The column of `key` in the ratings and the one in the file that describes it.

    None if the names do not say; two that say and fit as well are an InputError.
    """
    return _Ids(key, rated, described, named).best()


def _ids(sheet: Sheet, column: str) -> pd.Series:
    return pd.Series(sheet.rows[column].str.strip().unique())


def _bare(ids: pd.Series) -> pd.Series:
    """Ids without what programs add to them or take from them."""
    return ids.str.casefold().str.removesuffix(".0").str.lstrip("0")
