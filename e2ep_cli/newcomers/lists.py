"""Lists of the items that pass a filter, from the whole ranking rather than from its stored top."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from e2ep_cli.newcomers.candidates import RankedCandidates
from e2ep_cli.reading.choice import RankingChoice

Entries = list[dict[str, Any]]


@dataclass(frozen=True)
class FilteredList:
    """The first items that pass a filter, and how many pass it in all.

    barred: how many of those are never recommended to the user.
    """

    entries: Entries
    matching: int
    barred: int


def filtered_lists(
    choice: RankingChoice, ranked: RankedCandidates, allowed: set[int], k: int
) -> dict[int, FilteredList]:
    """The first `k` of the allowed items for each user row.

    Where too few of a user's stored candidates pass, the trained model ranks all that do.
    """
    listed: dict[int, Entries] = {row: [] for row in ranked.ids} | {
        row: [entry for entry in group if entry["item_row"] in allowed]
        for row, group in itertools.groupby(ranked.rows, key=lambda entry: entry["user_row"])
    }
    barred = _barred(ranked, allowed)
    lacking = [
        row for row, has in listed.items() if len(has) < min(k, len(allowed) - barred.get(row, 0))
    ]
    for row, best in _best(choice, lacking, allowed, k).items():
        has = {entry["item_row"] for entry in listed[row]}
        listed[row] += [entry for entry in best if entry["item_row"] not in has]
    return {
        row: FilteredList(has[:k], len(allowed), barred.get(row, 0)) for row, has in listed.items()
    }


def _barred(ranked: RankedCandidates, allowed: set[int]) -> dict[int, int]:
    """How many of the allowed items are never recommended to each user row."""
    passing = np.array(sorted(allowed), dtype=np.int64)
    if len(ranked.unranked):
        return dict.fromkeys(ranked.ids, int(np.isin(passing, ranked.unranked).sum()))
    user, item = ranked.rated
    rows, counts = np.unique(user[np.isin(item, passing)], return_counts=True)
    return dict(zip(rows.tolist(), counts.tolist(), strict=True))


def _best(
    choice: RankingChoice, users: Sequence[int], allowed: set[int], k: int
) -> dict[int, Entries]:
    """The model's own `k` best allowed items for each of these user rows."""
    if not users:
        return {}
    # Imported only where the stored candidates are too few: some models take seconds to load.
    from stages.train.fitting.restored import best_items, restored
    from stages.train.fitting.sources import Sources, split_rows
    from stages.train.params import common_params

    prepared, movies, items = (choice.path(name) for name in ("prepare", "enrich", "embed-items"))
    sources, refit = Sources(prepared, movies, items.parent), common_params(choice.params).refit
    rows = split_rows(sources, choice.split, form=None, refit=refit)
    passes = np.isin(np.arange(rows.n_items), sorted(allowed))
    model = restored(choice.base, choice.params, choice.path("train"))
    best = best_items(model, rows, np.array(users), passes, k)
    entries = pa.Table.from_pandas(best, preserve_index=False).to_pylist()
    groups = itertools.groupby(entries, key=lambda entry: entry["user_row"])
    return {row: list(group) for row, group in groups}
