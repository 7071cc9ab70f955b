"""Features of items for a model that must also know items without ratings.

They are profile, year, people, and genres with themes. The year enters as bumps, narrow for the
newest items and wide for the old: a film of last year and one of two years ago differ as much as
one of 1950 and one of 1970. Everything is reduced to its principal components.
"""

import numpy as np
import scipy.sparse as sp
from threadpoolctl import threadpool_limits

from stages.train.fitting.data import TrainingData

BUMPS = np.array([68, 53, 43, 33, 23, 16, 11, 8, 6, 5, 4, 3, 2, 1, 0], dtype=np.float32)
"""How many years before the newest item's each bump is centred."""
YEAR, PEOPLE, THEMES = 0.5, 0.3, 0.2
"""The weights of a bump, a person and a theme, in units of a profile's length."""


def item_features(data: TrainingData, text: bool, components: int) -> np.ndarray:
    """(items, at most `components`) in float32; no columns if nothing is known about any item."""
    parts = [sp.csr_matrix(data.item_text)] if text and data.item_text is not None else []
    if (facts := data.facts) is not None:
        themes = sp.hstack([sp.csr_matrix(facts.genres), facts.themes], format="csr")
        parts += [
            YEAR * sp.csr_matrix(_bumps(facts.year)),
            PEOPLE * facts.people,
            THEMES * themes,
        ]
    known = sp.hstack(parts, format="csr") if parts else sp.csr_matrix((data.n_items, 0))
    most = min(components, data.n_items - 1, known.shape[1] - 1)
    if most < 1 or not known.nnz:
        return np.zeros((data.n_items, 0), dtype=np.float32)
    from sklearn.decomposition import TruncatedSVD

    # Its explained variance, which nobody reads, is 0/0 where all items are described alike.
    with threadpool_limits(1, "blas"), np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(TruncatedSVD(most, random_state=0).fit_transform(known), dtype=np.float32)


def _bumps(year: np.ndarray) -> np.ndarray:
    """(items, bumps), 1 at the centre of a bump; zeros if the year is unknown."""
    if not np.isfinite(year).any():
        return np.zeros((len(year), len(BUMPS)), dtype=np.float32)
    widths = np.maximum(-np.gradient(BUMPS), 1)
    # A single wrong year far in the future must not make all others old.
    newest = np.nanquantile(year, 0.99)
    age = np.maximum(newest - year, 0)  # (items,)
    return np.nan_to_num(np.exp(-0.5 * ((age[:, None] - BUMPS) / widths) ** 2)).astype(np.float32)
