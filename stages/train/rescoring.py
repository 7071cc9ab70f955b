"""Scores as they would be had a user rated fewer films, with what was learned left as it is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol, runtime_checkable

import numpy as np
import torch
from torch import Tensor

from stages.train.data import TrainingData

LEARNED = "learned."
"""Before the names of what a model has learned, beside the vectors that it comes to."""


@dataclass(frozen=True)
class Copies:
    """Copies of users, each with some of the user's ratings.

    whole: what the model was fitted on. of: (copies,) user rows. own: the copies' ratings, a user there being a copy.
    """

    whole: TrainingData
    of: np.ndarray
    own: TrainingData


@runtime_checkable
class Rescores(Protocol):
    """A model whose scores follow from the user's ratings by what it has learned, without another fit."""

    def rescore(self, copies: Copies) -> np.ndarray:
        """Scores of all items, (copies, items); a copy with all ratings has the user's own scores."""


def copies_without(whole: TrainingData, of: Sequence[int], removed: Sequence[np.ndarray]) -> Copies:
    """A copy of each user row of `of` without the ratings of the item rows that stand at its place in `removed`."""
    order = np.argsort(whole.user, kind="stable")
    starts = np.searchsorted(whole.user[order], np.arange(whole.n_users + 1))
    kept = []
    for user, items in zip(of, removed, strict=True):
        rows = order[starts[user] : starts[user + 1]]
        kept.append(rows[~np.isin(whole.item[rows], items)])
    rows, copy = np.concatenate(kept), np.repeat(np.arange(len(kept)), [len(one) for one in kept])
    users = np.asarray(of)
    text = None if whole.user_text is None else whole.user_text[users]
    item, rating = whole.item[rows], whole.rating[rows]
    own = replace(whole, user=copy, item=item, rating=rating, n_users=len(kept), user_text=text)
    return Copies(whole, users, own)


def packed(learned: dict[str, Tensor]) -> dict[str, np.ndarray]:
    """A network's state as arrays among a model's weights."""
    return {f"{LEARNED}{name}": tensor.numpy() for name, tensor in learned.items()}


def unpacked(weights: dict[str, np.ndarray]) -> dict[str, Tensor]:
    """The network's state among a model's weights."""
    learned = {name: values for name, values in weights.items() if name.startswith(LEARNED)}
    return {name.removeprefix(LEARNED): torch.from_numpy(values) for name, values in learned.items()}
