"""Facts about items that need no text model: genres, year, people and themes, as numbers."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

if TYPE_CHECKING:
    import pandas as pd

LEAST = 2
"""Items that a person or theme must have to count; a single one says nothing about others."""


@dataclass(frozen=True)
class Facts:
    """What is known about the items apart from their text.

    genres: (items, genres), 1 where an item has one. year: (items,), NaN where unknown.
    people: sparse (items, people) of cast, directors and creators. themes: sparse (items, themes)
    of the enriched genres and keywords.
    """

    genres: np.ndarray
    year: np.ndarray
    people: sp.csr_matrix
    themes: sp.csr_matrix


def facts_of(movies: "pd.DataFrame", enriched: "pd.DataFrame") -> Facts:
    """Facts of `movies` (schema MOVIES) and `enriched` (schema ENRICHED), in order of rows."""
    genres = _flags([set(names) for names in movies["genres"]], least=1).toarray()
    people = _flags(
        [
            {*cast, *by, *creators}
            for cast, by, creators in zip(
                *(enriched[name] for name in ("cast", "directors", "creators")), strict=True
            )
        ]
    )
    themes = _flags(
        [
            {*named, *words}
            for named, words in zip(enriched["genres"], enriched["keywords"], strict=True)
        ]
    )
    return Facts(genres, enriched["year"].to_numpy(np.float32, na_value=np.nan), people, themes)


def _flags(present: Sequence[set[str]], least: int = LEAST) -> sp.csr_matrix:
    """Ones (items, names) for names that at least this many items have, in alphabetical order."""
    counts = Counter(name for names in present for name in names)
    place = {
        name: at for at, name in enumerate(sorted(name for name, n in counts.items() if n >= least))
    }
    cells = [
        (row, place[name]) for row, names in enumerate(present) for name in names if name in place
    ]
    rows, cols = np.array(cells, dtype=np.int64).reshape(-1, 2).T
    return sp.csr_matrix(
        (np.ones(len(rows), dtype=np.float32), (rows, cols)), (len(present), len(place))
    )
