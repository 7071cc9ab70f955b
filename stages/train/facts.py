"""Facts of the films that need no text model: genres and year, as numbers."""

from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Facts:
    """Genres (items, genres), 1 where a film has one; years (items,), NaN where unknown."""

    genres: np.ndarray
    year: np.ndarray


def facts_of(movies: pd.DataFrame) -> Facts:
    """The facts in rows of schema MOVIES, genres in alphabetical order."""
    present = [set(genres) for genres in movies["genres"]]
    names = sorted(set().union(*present))
    flags = [[name in genres for name in names] for genres in present]
    return Facts(
        np.array(flags, dtype=np.float32).reshape(len(movies), len(names)), movies["year"].to_numpy(np.float32)
    )
