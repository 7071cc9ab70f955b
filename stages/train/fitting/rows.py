"""A split's ratings, and what the fits on it are made on, mask and rank."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy.sparse as sp

from stages.contracts.rows import RATINGS
from stages.train.fitting.basis import Basis
from stages.train.fitting.data import TrainingData
from stages.train.fitting.facts import Facts
from stages.train.fitting.model import Model
from stages.train.fitting.rescoring import ScoresFromRatings


@dataclass(frozen=True)
class SplitRows:
    """A split's ratings for training (schema TRAINING) and validation (schema RATINGS), and more.

    refit: whether the final model is fitted again, on both. device: see `TrainingData`. together:
    train, then valid, if they are views of one table.
    """

    name: str
    train: pd.DataFrame
    valid: pd.DataFrame
    n_users: int
    n_items: int
    user_text: np.ndarray | None
    item_text: np.ndarray | None
    facts: Facts | None = None
    traits: np.ndarray | None = None
    refit: bool = True
    device: str = "cpu"
    together: pd.DataFrame | None = None

    @property
    def both(self) -> pd.DataFrame:
        """Train, then valid."""
        if self.together is not None:
            return self.together
        parts = [part[RATINGS.names] for part in (self.train, self.valid)]
        return pd.concat(parts, ignore_index=True)

    def data(self, rows: pd.DataFrame) -> TrainingData:
        """`rows` in the form that a model is fitted on."""
        names = ("user_row", "item_row", "rating", "timestamp", "nth")
        user, item, rating, timestamp, nth = (rows[name].to_numpy() for name in names)
        return TrainingData(
            user,
            item,
            rating,
            self.n_users,
            self.n_items,
            user_text=self.user_text,
            item_text=self.item_text,
            facts=self.facts,
            traits=self.traits,
            timestamp=timestamp if (timestamp > 0).any() else None,
            order=nth if (nth >= 0).all() else None,
            device=self.device,
        )

    def held_out_of(self, *parts: str) -> np.ndarray:
        """Users whom the fit before these parts (`valid`, `test`) does not see, (users,) bool."""
        rows = self.train["user_row"][self.train["history"].isin(parts)]
        return np.isin(np.arange(self.n_users), rows)

    def to_select(self) -> Basis:
        """What the fit on train is made on."""
        return Basis.without(self.data(self.train), self.held_out_of("valid", "test"))

    def to_list(self, model: Model) -> Basis:
        """What the final fit of this model is made on."""
        known = self.data(self.both)
        if self.refit:
            return Basis.without(known, self.held_out_of("test"))
        everybody = np.full(self.n_users, isinstance(model, ScoresFromRatings))
        return Basis(self.to_select().fitted, known, everybody)

    def seen(self, rows: pd.DataFrame) -> sp.csr_matrix:
        """Ones wherever `rows` have a rating, (users, items)."""
        places = rows["user_row"].to_numpy(), rows["item_row"].to_numpy()
        ones = np.ones(len(rows), dtype=np.int8)
        return sp.csr_matrix((ones, places), shape=(self.n_users, self.n_items))

    @property
    def cold(self) -> bool:
        """Whether held-out items are ranked only among themselves."""
        return self.name.startswith("cold-items")

    def rated(self, rows: pd.DataFrame) -> np.ndarray:
        """Whether each item has a rating in `rows`, (items,) bool."""
        return np.isin(np.arange(self.n_items), rows["item_row"])

    def rankable(self, rows: pd.DataFrame) -> np.ndarray:
        """Items that a fit on `rows` ranks, (items,) bool: in cold-items the unrated, else all."""
        return ~self.rated(rows) if self.cold else np.ones(self.n_items, dtype=bool)

    def held_out(self, rows: pd.DataFrame) -> np.ndarray:
        """Items to rank for `rows`, (items,) bool: in cold-items those in `rows`, else all."""
        return self.rated(rows) if self.cold else np.ones(self.n_items, dtype=bool)
