"""Ridge: each user's ratings as a linear function of the items' profiles, genres and year.

    B = (XᵀX + λI)⁻¹ XᵀY        scores X·B + the user's mean

X (items, features) and Y (items, users) cover the items with ratings, centred on their means.
An item without ratings has its features, and so a score.
"""

import numpy as np
from pydantic import Field

from stages.core.params import Section
from stages.train.fitting.data import TrainingData, grade, required
from stages.train.fitting.facts import Facts
from stages.train.fitting.model import ArrayModel, Watch
from stages.train.fitting.rescoring import Copies


class Config(Section):
    """Regularisation, grades, and the weights of genres and year relative to the profile."""

    l2: float = Field(3.33, gt=0)
    """λ, added to the diagonal of XᵀX."""

    facts: float = Field(0.157, ge=0)
    """The weights of a genre and of a standard deviation of the year, in profile lengths."""

    grades: dict[int, float] = Field({5: 1.0, 4: 1.0, 3: 0.5, 2: 0.25, 1: 0.0}, min_length=2)
    """What a rating counts; an item without a rating counts 0."""


class Ridge(ArrayModel):
    """Fits in one linear system, however many users there are."""

    form = "unified"
    arrays = ("users", "items", "mean")

    def __init__(self, config: Config, seed: int) -> None:
        self.config = config
        self.users = self.items = np.zeros((0, 0), dtype=np.float32)
        self.mean = np.zeros(0, dtype=np.float32)

    def fit(self, data: TrainingData, watch: Watch) -> None:
        features = self._features(data)  # (items, features)
        rated = np.bincount(data.item, minlength=data.n_items) > 0
        centred = features - features[rated].mean(axis=0)
        x = centred[rated]  # (rated items, features)
        self.users, self.mean = self._regressed(x, data, rated)
        assert self.users.shape == (data.n_users, features.shape[1])
        self.items = centred.astype(np.float32)

    def score(self, users: np.ndarray) -> np.ndarray:
        return np.asarray(self.users[users] @ self.items.T + self.mean[users, None])

    def place_users(self, copies: Copies) -> np.ndarray:
        """The same regression for these users, on the items that were rated in the fit."""
        rated = np.bincount(copies.whole.item, minlength=copies.whole.n_items) > 0
        x = self.items[rated].astype(np.float64)
        users, mean = self._regressed(x, copies.own, rated)
        return np.asarray(users @ self.items.T + mean[:, None])

    def _regressed(
        self, x: np.ndarray, data: TrainingData, rated: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Bᵀ (users, features) and the users' means (users,) for X (rated items, features)."""
        y = data.matrix(grade(data.rating, self.config.grades))[:, rated]  # (users, rated items)
        gram = x.T @ x + self.config.l2 * np.eye(x.shape[1])
        weights = np.linalg.solve(gram, (y @ x).T).T.astype(np.float32)
        return weights, np.asarray(y.mean(axis=1), dtype=np.float32).ravel()

    def _features(self, data: TrainingData) -> np.ndarray:
        """(items, features) in float64: the profile and, where they are known, genres and year."""
        text = required(data.item_text, "ridge", self.form).astype(np.float64)
        facts = (
            [] if data.facts is None else [data.facts.genres, _standard_year(data.facts)[:, None]]
        )
        return np.concatenate([text, *(self.config.facts * part for part in facts)], axis=1)


def _standard_year(facts: Facts) -> np.ndarray:
    """Years in standard deviations from their mean; 0 if unknown, or if all are the same."""
    known = facts.year[np.isfinite(facts.year)]
    if not len(known) or not known.std():
        return np.zeros_like(facts.year)
    return np.nan_to_num((facts.year - known.mean()) / known.std())


MODEL = Ridge
