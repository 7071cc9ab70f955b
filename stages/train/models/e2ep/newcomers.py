"""Newcomers: users whom the model was not fitted on, ranked from the items that they name.

They have no vector of their own, like the newcomers in training
(stages/train/models/e2ep/network.py). torch is not needed, and only the weights that their items
need are read: rows of arrays that can have as many columns as there are items.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from stages.core.errors import InputError
from stages.linear.kept import kept_columns
from stages.train.fitting.data import TrainingData
from stages.train.fitting.traits import traits_of
from stages.train.models.e2ep.score import Learned
from stages.train.models.e2ep.settings import Config

if TYPE_CHECKING:
    import pandas as pd

NEEDED = tuple(Learned.__dataclass_fields__)
SQUARE = tuple(name for part in ("linear", "sequence") for name in (part, kept_columns(part)))
"""Arrays with a row per item, of which a newcomer needs the rows of their own items."""


@dataclass(frozen=True)
class Newcomer:
    """What is known about a newcomer.

    items: (items,) rows of those that they name, each once, the latest last. rating: (items,), on
    the scale 1–5. traits: (1, traits), see stages/train/fitting/traits.py, or None where
    none are known.
    """

    items: np.ndarray
    rating: np.ndarray
    traits: np.ndarray | None = None


class Arrays(Protocol):
    """An open file of arrays, as from `safetensors.safe_open`; a slice reads only itself."""

    def get_tensor(self, name: str) -> np.ndarray: ...

    def get_slice(self, name: str) -> Any: ...


def can_place(names: Iterable[str]) -> bool:
    """Whether weights of these names can place a newcomer."""
    return set(NEEDED) <= set(names)


def learned_for(arrays: Arrays, items: np.ndarray) -> Learned:
    """What was learned, with only the rows `items` (n,) as sources of messages.

    Its layers are (layers + 1, n, channels), its linear and its sequence part (n, items).
    """
    arrays_by_name = {
        name: arrays.get_tensor(name) for name in NEEDED if name not in ("users", *SQUARE)
    }
    layers = arrays_by_name["layers"][:, items]
    read = {"layers": layers, "users": np.zeros((1, layers.shape[2]), dtype=np.float32)}
    for name in SQUARE:
        matrix = arrays.get_slice(name)
        read[name] = (
            np.concatenate([matrix[row : row + 1] for row in items.tolist()])
            if matrix.get_shape()[0]
            else arrays.get_tensor(name)
        )
    return Learned.of(arrays_by_name | read)


def score_newcomer(learned: Learned, newcomer: Newcomer, settings: Config) -> np.ndarray:
    """Scores of all items, (items,); learned: from `learned_for` the newcomer's items."""
    n, traits = len(newcomer.items), newcomer.traits
    if traits is None:
        traits = np.zeros((1, len(learned.lift)), dtype=np.float32)
    own = TrainingData(
        np.zeros(n, dtype=np.int64),
        np.arange(n),
        newcomer.rating,
        1,
        n,
        traits=traits,
        order=np.arange(n),
    )
    return learned.scores(learned.place(own, learned.users, settings.grades), own, settings)[0]


def rank_items(scores: np.ndarray, newcomer: Newcomer) -> np.ndarray:
    """Rows of the items that the newcomer has not named, best first, ties by row."""
    free = scores.astype(np.float64)
    free[newcomer.items] = -np.inf
    return np.argsort(-free, kind="stable")[: len(free) - len(newcomer.items)]


def traits_like(users: "pd.DataFrame", age: int | None, gender: str | None) -> np.ndarray:
    """(1, traits) of this age and gender among `users` (schema USERS).

    A gender that no user has raises an InputError.
    """
    import pandas as pd

    known = sorted(users["gender"].dropna().unique())
    if gender is not None and gender not in known:
        raise InputError(
            f"nobody in the data has the gender {gender!r}; choose from "
            f"{', '.join(known) or 'none'}"
        )
    newcomer = pd.DataFrame({"age": [age], "gender": [gender]}, dtype=object)
    return traits_of(pd.concat([users[["age", "gender"]].astype(object), newcomer]))[-1:]
