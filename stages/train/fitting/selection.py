"""Selection: fit on train, choose the epoch on valid, and refit on train + valid."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy.sparse as sp

from stages.contracts.rows import POSITIVE
from stages.train.fitting.candidates import top_candidates
from stages.train.fitting.data import TrainingData
from stages.train.fitting.facts import Facts
from stages.train.fitting.model import Model, Tunes, Watch
from stages.train.fitting.validation import validation_ndcg


@dataclass(frozen=True)
class SplitRows:
    """A split's training and validation ratings (schema RATINGS), and what else is known."""

    name: str
    train: pd.DataFrame
    valid: pd.DataFrame
    n_users: int
    n_items: int
    user_text: np.ndarray | None
    item_text: np.ndarray | None
    facts: Facts | None = None
    traits: np.ndarray | None = None

    def data(self, rows: pd.DataFrame) -> TrainingData:
        """`rows` in the form that a model is fitted on."""
        names = ("user_row", "item_row", "rating", "timestamp")
        user, item, rating, timestamp = (rows[name].to_numpy() for name in names)
        known = (self.user_text, self.item_text, self.facts, self.traits)
        times = timestamp if (timestamp > 0).any() else None
        return TrainingData(user, item, rating, self.n_users, self.n_items, *known, times)

    def seen(self, rows: pd.DataFrame) -> sp.csr_matrix:
        """Ones wherever `rows` have a rating, (users, items)."""
        cells = np.ones(len(rows)), (rows["user_row"], rows["item_row"])
        return sp.csr_matrix(cells, shape=(self.n_users, self.n_items))

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


@dataclass(frozen=True)
class Fitted:
    """The result of both fits on a split: candidates, the curve on valid, and the final weights."""

    valid_candidates: pd.DataFrame
    candidates: pd.DataFrame
    curve: pd.DataFrame
    weights: dict[str, np.ndarray]
    valid_ndcg: float
    epochs: int | None


@dataclass(frozen=True)
class Chosen:
    """A model at its best on valid, the watch of its fit, and its NDCG@10 there."""

    model: Model
    watch: Watch
    valid_ndcg: float


def select(new_model: Callable[[], Model], rows: SplitRows, selects: bool = True) -> Chosen:
    """Fit on train and return to the epoch that was best on valid.

    selects: see `select_and_refit`.
    """
    liked = rows.valid[rows.valid["rating"] >= POSITIVE]
    validate = validation_ndcg(rows.seen(liked), rows.seen(rows.train), rows.held_out(rows.valid))
    model, watch = new_model(), Watch(validate=validate if selects else None)
    model.fit(rows.data(rows.train), watch)
    if watch.best_weights is not None:
        model.restore(watch.best_weights)
    if selects and isinstance(model, Tunes):
        model.tune(validate)
    return Chosen(model, watch, float(validate(model.score).mean()))


def select_and_refit(
    new_model: Callable[[], Model], rows: SplitRows, most: int, selects: bool = True
) -> Fitted:
    """Fit on train, then again on train + valid, with the epochs and settings best on valid.

    selects: False if the text has seen the validation rows; both fits then run for all epochs of
    the config.
    """
    both = pd.concat([rows.train, rows.valid], ignore_index=True)
    chosen = select(new_model, rows, selects)
    valid_candidates = top_candidates(
        chosen.model.score, rows.seen(rows.train), rows.held_out(rows.valid), most
    )
    final = new_model()
    if isinstance(final, Tunes) and isinstance(chosen.model, Tunes):
        final.adopt(chosen.model)
    curve, epochs, valid_ndcg = _curve(chosen.watch), chosen.watch.best_epoch, chosen.valid_ndcg
    del chosen  # Two models with a matrix items × items each could be too much.
    final.fit(rows.data(both), Watch(last_epoch=epochs))
    return Fitted(
        valid_candidates=valid_candidates,
        candidates=top_candidates(final.score, rows.seen(both), rows.rankable(both), most),
        curve=curve,
        weights=final.weights(),
        valid_ndcg=valid_ndcg,
        epochs=epochs,
    )


def _curve(watch: Watch) -> pd.DataFrame:
    """Epochs seen, their loss and NDCG@10 on valid, and a 1 at the chosen one."""
    curve = pd.DataFrame(watch.curve, columns=["epoch", "loss", "valid_ndcg@10"])
    return curve.assign(chosen=(curve["epoch"] == watch.best_epoch).astype(int))
