"""A visitor: somebody whom the model was not fitted on, ranked from the films that he names, without torch.

He has no vector of his own, as a newcomer in training (stages/train/models/e2ep/network.py). Of the weights only what his films need
is read: rows of arrays that can have as many columns as there are films.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pandas as pd

from stages.core.errors import InputError
from stages.train.fitting.data import TrainingData
from stages.train.fitting.traits import traits_of
from stages.train.models.e2ep.score import Learned
from stages.train.models.e2ep.settings import Config

NEEDED = tuple(Learned.__dataclass_fields__)


@dataclass(frozen=True)
class Visitor:
    """items: rows of the films that he names, each once. rating: (items,), on the scale 1–5. traits: (1, traits), see
    stages/train/fitting/traits.py, or None where nothing is known of him."""

    items: np.ndarray
    rating: np.ndarray
    traits: np.ndarray | None = None


class Arrays(Protocol):
    """An open file of arrays, as `safetensors.safe_open` gives it; a slice reads no more than is asked of it."""

    def get_tensor(self, name: str) -> np.ndarray: ...

    def get_slice(self, name: str) -> Any: ...


def folds(names: Iterable[str]) -> bool:
    """Whether weights of these names can take in a visitor."""
    return set(NEEDED) <= set(names)


def learned_for(arrays: Arrays, items: np.ndarray) -> Learned:
    """What was learned, with the films `items` alone as sources: layers (layers + 1, n, channels), linear (n, items)."""
    found = {name: arrays.get_tensor(name) for name in NEEDED if name not in ("users", "linear")}
    layers, linear = found["layers"][:, items], arrays.get_slice("linear")
    rows = (
        [linear[row : row + 1] for row in items.tolist()]
        if linear.get_shape()[0]
        else [arrays.get_tensor("linear")]
    )
    users = np.zeros((1, layers.shape[2]), dtype=np.float32)
    return Learned.of(found | {"layers": layers, "linear": np.concatenate(rows), "users": users})


def scores(learned: Learned, visitor: Visitor, settings: Config) -> np.ndarray:
    """Scores of all items, (items,); learned: as `learned_for` reads it for the visitor's films, in their order."""
    n = len(visitor.items)
    traits = (
        np.zeros((1, len(learned.lift)), dtype=np.float32)
        if visitor.traits is None
        else visitor.traits
    )
    own = TrainingData(
        np.zeros(n, dtype=np.int64), np.arange(n), visitor.rating, 1, n, traits=traits
    )
    return learned.scores(learned.fold(own, learned.users, settings.grades), own, settings)[0]


def ranked(scored: np.ndarray, visitor: Visitor) -> np.ndarray:
    """Rows of the films that he has not named, best first, ties by row."""
    free = scored.astype(np.float64)
    free[visitor.items] = -np.inf
    return np.argsort(-free, kind="stable")[: len(free) - len(visitor.items)]


def traits_like(users: pd.DataFrame, age: int | None, gender: str | None) -> np.ndarray:
    """(1, traits) of somebody of this age and gender among `users` (schema USERS); an unknown gender is an InputError."""
    known = sorted(users["gender"].dropna().unique())
    if gender is not None and gender not in known:
        raise InputError(
            f"nobody in the data has the gender {gender!r}; there are {', '.join(known) or 'none'}"
        )
    somebody = pd.DataFrame({"age": [age], "gender": [gender]}, dtype=object)
    return traits_of(pd.concat([users[["age", "gender"]].astype(object), somebody]))[-1:]
