"""Lists of the items that pass a filter, from the whole ranking rather than from its stored top."""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pyarrow as pa

from e2ep_cli.newcomers.candidates import RankedCandidates
from e2ep_cli.reading.choice import RankingChoice

if TYPE_CHECKING:
    from stages.train.fitting.model import Model
    from stages.train.fitting.rows import SplitRows

Entries = list[dict[str, Any]]
Best: TypeAlias = Callable[[Sequence[int], np.ndarray, int], dict[int, Entries]]
"""Gives the model's own k best of the allowed items for user rows."""


@dataclass(frozen=True)
class FilteredList:
    """The first items that pass a filter, and how many pass it in all.

    barred: how many of those are never recommended to the user.
    """

    entries: Entries
    matching: int
    barred: int


def filtered_lists(
    ranked: RankedCandidates, allowed: np.ndarray, k: int, best: Best
) -> dict[int, FilteredList]:
    """The first `k` of the allowed items, (items,) bool, for each user row.

    best: ranks all that are allowed for users of whose stored candidates too few are.
    """
    listed: dict[int, Entries] = {row: [] for row in ranked.ids} | {
        row: [entry for entry in group if allowed[entry["item_row"]]]
        for row, group in itertools.groupby(ranked.rows, key=lambda entry: entry["user_row"])
    }
    matching, barred = int(allowed.sum()), _barred(ranked, allowed)
    lacking = [
        row for row, has in listed.items() if len(has) < min(k, matching - barred.get(row, 0))
    ]
    for row, entries in best(lacking, allowed, k).items() if lacking else ():
        has = {entry["item_row"] for entry in listed[row]}
        listed[row] += [entry for entry in entries if entry["item_row"] not in has]
    return {row: FilteredList(has[:k], matching, barred.get(row, 0)) for row, has in listed.items()}


def _barred(ranked: RankedCandidates, allowed: np.ndarray) -> dict[int, int]:
    """How many of the allowed items are never recommended to each user row."""
    if len(ranked.unranked):
        return dict.fromkeys(ranked.ids, int(allowed[ranked.unranked].sum()))
    user, item = ranked.rated
    rows, counts = np.unique(user[allowed[item]], return_counts=True)
    return dict(zip(rows.tolist(), counts.tolist(), strict=True))


class WholeRanking:
    """Ranks all items by a choice's model, which is restored when it is first asked."""

    def __init__(self, choice: RankingChoice) -> None:
        self.choice = choice
        self._restored: tuple[Model, SplitRows] | None = None

    def best(self, users: Sequence[int], allowed: np.ndarray, k: int) -> dict[int, Entries]:
        """As `Best`."""
        # Imported only where the stored candidates are too few: some models take seconds to load.
        from stages.train.fitting.restored import best_items

        model, rows = self._model()
        best = best_items(model, rows, np.array(users), allowed, k)
        entries = pa.Table.from_pandas(best, preserve_index=False).to_pylist()
        groups = itertools.groupby(entries, key=lambda entry: entry["user_row"])
        return {row: list(group) for row, group in groups}

    def _model(self) -> "tuple[Model, SplitRows]":
        from stages.train.fitting.restored import restored
        from stages.train.fitting.sources import Sources, split_rows
        from stages.train.params import common_params

        if self._restored is None:
            choice = self.choice
            prepared, movies, items = (
                choice.path(name) for name in ("prepare", "enrich", "embed-items")
            )
            sources = Sources(prepared, movies, items.parent)
            refit = common_params(choice.params).refit
            rows = split_rows(sources, choice.split, form=None, refit=refit)
            self._restored = restored(choice.base, choice.params, choice.path("train")), rows
        return self._restored
