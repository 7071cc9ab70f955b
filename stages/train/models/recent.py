"""Recent popularity: what people have liked most in the last N days, as of a moment.

    score_ui = #{likes of i in (t_u − N days, t_u]} + c_i / (1 + max c)

t_u is the time of the user's last rating, or of the last training rating of all; which of the two,
and N, are chosen on valid. A user without a known time has the latter. c_i is the count of all
likes, which orders items of equal recent counts. Within a few days of a global split this is a
strong baseline ("Time to Split", arXiv 2507.16289).
"""

from typing import Literal

import numpy as np
from pydantic import Field

from stages.contracts.scale import POSITIVE
from stages.contracts.times import NEEDS_TIMES
from stages.core.errors import MissingError
from stages.core.params import Section
from stages.train.fitting.data import TrainingData
from stages.train.fitting.model import Validate, Watch
from stages.train.fitting.rescoring import Copies

AsOf = Literal["user", "training"]
_DAY = 86_400


class Config(Section):
    """What is chosen from on valid; without one, the first of each."""

    days: tuple[float, ...] = Field((30, 1, 3, 7, 14, 90, 365), min_length=1)
    """N, how many days count as recent."""

    as_of: tuple[AsOf, ...] = Field(("user", "training"), min_length=1)
    """Whose last rating is the moment: the user's, or that of all training rows."""


class Recent:
    """Nothing is learned but N and the moment."""

    form = None

    def __init__(self, config: Config, seed: int) -> None:
        self.config = config
        self.chosen = config.days[0], config.as_of[0]
        self.n_items = 0
        self.items = self.times = self.moments = np.zeros(0, dtype=np.int64)

    def fit(self, data: TrainingData, watch: Watch) -> None:
        self.read_ratings(data)

    def read_ratings(self, data: TrainingData) -> None:
        if data.timestamp is None:
            raise MissingError(NEEDS_TIMES)
        likes = np.flatnonzero(data.rating >= POSITIVE)
        order = likes[np.argsort(data.timestamp[likes], kind="stable")]
        self.n_items = data.n_items
        self.items, self.times = data.item[order], data.timestamp[order]
        self.end = int(data.timestamp.max(initial=0))
        self.moments = _last(data)

    def tune(self, validate: Validate) -> None:
        """Choose days and moment on valid; the first of equals."""
        values = {}
        for as_of in self.config.as_of:
            for days in self.config.days:
                self.chosen = days, as_of
                values[self.chosen] = float(np.mean(validate(self.score)))
        self.chosen = max(values, key=lambda choice: values[choice])

    def score(self, users: np.ndarray) -> np.ndarray:
        return self._counts(self.moments[users])

    def score_from_ratings(self, copies: Copies) -> np.ndarray:
        return self._counts(_last(copies.own))

    def weights(self) -> dict[str, np.ndarray]:
        days, as_of = self.chosen
        return {
            "days": np.array([days], dtype=np.float32),
            "as_of_user": np.array([as_of == "user"]),
        }

    def restore(self, weights: dict[str, np.ndarray]) -> None:
        as_of: AsOf = "user" if weights["as_of_user"][0] else "training"
        self.chosen = float(weights["days"][0]), as_of

    def _counts(self, moments: np.ndarray) -> np.ndarray:
        """Scores as of each of `moments` (users,), 0 where unknown: (users, items)."""
        days, as_of = self.chosen
        at = np.where((moments > 0) & (as_of == "user"), moments, self.end)
        starts = np.searchsorted(self.times, at - days * _DAY, side="right")
        ends = np.searchsorted(self.times, at, side="right")
        all_likes = np.bincount(self.items, minlength=self.n_items)
        scores = np.tile(all_likes / (1 + all_likes.max(initial=0)), (len(at), 1))
        within, start, end = np.zeros(self.n_items, dtype=np.int64), 0, 0
        # The window moves from user to user in order of time, so that each like enters once.
        for user in np.argsort(at, kind="stable"):
            within += np.bincount(self.items[end : ends[user]], minlength=self.n_items)
            within -= np.bincount(self.items[start : starts[user]], minlength=self.n_items)
            start, end = starts[user], ends[user]
            scores[user] += within
        return scores


def _last(data: TrainingData) -> np.ndarray:
    """The time of each user's last rating, (users,), 0 where none is known."""
    last = np.zeros(data.n_users, dtype=np.int64)
    if data.timestamp is not None:
        np.maximum.at(last, data.user, data.timestamp)
    return last


MODEL = Recent
