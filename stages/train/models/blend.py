"""EASE and iALS in one score: what was liked together, and what few directions say of everything.

    score_ui = z(linear)_ui + w · z(factors)_ui        z: divided by the user's standard deviation

The two err differently where a catalogue is large and sparse: EASE knows pairs that were liked
together, iALS also items that share no user. w is chosen on valid.
"""

import numpy as np
from pydantic import Field, NonNegativeFloat

from stages.contracts.fits import Growth
from stages.core.params import Section
from stages.metrics.preference import first_or_better
from stages.train.fitting.data import TrainingData
from stages.train.fitting.model import Validate, Watch
from stages.train.fitting.rescoring import Copies
from stages.train.models import ease, ials


class Config(Section):
    """Both models' settings, and how much iALS counts."""

    linear: ease.Config = ease.Config()
    """As in `train.ease`."""

    factors: ials.Config = ials.Config()
    """As in `train.ials`."""

    weights: tuple[NonNegativeFloat, ...] = Field((0.4, 0.2, 0.6, 0.8, 0.0), min_length=1)
    """w: the first, unless another is better on valid by a standard error over users."""


class Blend:
    """Fits both; w is chosen without fitting again."""

    form: str | None = None

    def __init__(self, config: Config, seed: int) -> None:
        self.config = config
        self.linear, self.factors = ease.Ease(config.linear, seed), ials.Ials(config.factors, seed)
        self.chosen = config.weights[0]
        self.growth: Growth = self.linear.growth

    def fit(self, data: TrainingData, watch: Watch) -> None:
        self.linear.fit(data, watch)
        self.factors.fit(data, watch)

    def read_ratings(self, data: TrainingData) -> None:
        self.linear.read_ratings(data)

    def score(self, users: np.ndarray) -> np.ndarray:
        return self._together(self.linear.score(users), self.factors.score(users))

    def place_users(self, copies: Copies) -> np.ndarray:
        """Scores from the copies' ratings; their factors are solved for, with the items' fixed."""
        given = self.linear.score_from_ratings(copies), self.factors.place_users(copies)
        return self._together(*given)

    def _together(self, linear: np.ndarray, factors: np.ndarray) -> np.ndarray:
        parts = (
            part / np.maximum(part.std(axis=1, keepdims=True), 1e-12) for part in (linear, factors)
        )
        first, second = parts
        return np.asarray(first + np.float32(self.chosen) * second)

    def tune(self, validate: Validate) -> None:
        """Choose w."""

        def judged(weight: float) -> np.ndarray:
            self.chosen = weight
            return validate(self.score)

        self.chosen = first_or_better(self.config.weights, judged)

    def weights(self) -> dict[str, np.ndarray]:
        weight = np.array([self.chosen], dtype=np.float32)
        return self.linear.weights() | self.factors.weights() | {"weight": weight}

    def restore(self, weights: dict[str, np.ndarray]) -> None:
        self.linear.restore(weights)
        self.factors.restore(weights)
        self.chosen = float(weights["weight"][0])


MODEL = Blend
