"""The interface of every model, and the watch that stops its training on validation rows."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

import numpy as np

from stages.core.params import Section
from stages.train.fitting.data import TrainingData

ScoreFunction = Callable[[np.ndarray], np.ndarray]
"""From user rows to scores of all items, (users, items)."""
Validate = Callable[[ScoreFunction], np.ndarray]
"""From a score function to NDCG@10 on the validation rows, of each user who likes one of them:
(validation users,).

In new-users it calls none: the model itself places the users whom it is to be judged by.
"""


LOOKS = 3
"""How many validations are averaged to choose an epoch."""


class Model(Protocol):
    """Fits on training rows and gives scores; a model file holds one, with its `Config`."""

    @property
    def form(self) -> str | None:
        """The text form whose embeddings the model needs, or None."""

    def __init__(self, config: Section, seed: int, /) -> None: ...

    def fit(self, data: TrainingData, watch: "Watch", /) -> None:
        """Fit; with epochs, ask `watch` whether to continue, every few and after the last."""

    def score(self, users: np.ndarray) -> np.ndarray:
        """Scores of all items for these user rows, (users, items); higher is better."""

    def weights(self) -> dict[str, np.ndarray]:
        """Return all that a later run needs to score again, in addition to the training rows."""

    def restore(self, weights: dict[str, np.ndarray]) -> None:
        """Restore earlier weights."""


class ArrayModel:
    """The base of a model whose weights are arrays: `arrays` names its attributes with them."""

    form: str | None = None
    arrays: tuple[str, ...]

    def weights(self) -> dict[str, np.ndarray]:
        return {name: getattr(self, name) for name in self.arrays}

    def restore(self, weights: dict[str, np.ndarray]) -> None:
        for name in self.arrays:
            setattr(self, name, weights[name])


@runtime_checkable
class HasParts(Protocol):
    """A model that can say what its scores are made of."""

    def parts(self, users: np.ndarray) -> dict[str, np.ndarray]:
        """Name → what that part says of all items for these user rows, (users, items) each."""


@runtime_checkable
class Tunes(Protocol):
    """A model with a setting that is chosen on the validation rows without refitting."""

    chosen: Any
    """What was chosen, for another fit of the same model; it need not be of this process."""

    def tune(self, validate: Validate) -> None:
        """Choose it."""


@dataclass
class Watch:
    """Decides after which epoch a fit stops.

    With validation rows it keeps the curve and the best weights; in a refit it stops at the chosen
    epoch.
    """

    validate: Validate | None = None
    last_epoch: int | None = None
    patience: int | None = None
    curve: list[tuple[int, float, float]] = field(default_factory=list)
    best_weights: dict[str, np.ndarray] | None = None

    def should_continue(self, epoch: int, loss: float, model: Model) -> bool:
        """Validate after `epoch` (the first is 1); returns whether another one follows."""
        if self.last_epoch is not None:
            return epoch < self.last_epoch
        if self.validate:
            self.curve.append((epoch, loss, float(np.mean(self.validate(model.score)))))
            if self.best_epoch == epoch:
                self.best_weights = model.weights()
        return self.patience is None or epoch - (self.best_epoch or epoch) < self.patience

    @property
    def best_epoch(self) -> int | None:
        """The epoch with the highest validation NDCG@10, the first of equals; None before any.

        An epoch counts as the mean of its validation and the two before it (fewer at the start), so
        that a lucky one does not decide.
        """
        seen = [value for *_, value in self.curve]
        last = [seen[max(at + 1 - LOOKS, 0) : at + 1] for at in range(len(seen))]
        means = [round(sum(looks) / len(looks), 12) for looks in last]
        return self.curve[means.index(max(means))][0] if means else None
