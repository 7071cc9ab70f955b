"""Selection: fit on train, choose the epoch on valid, and refit on train + valid.

In new-users both fits are made without the users whom their lists are judged by. Without a refit
the first fit is the final one, and its model scores users from train + valid if it scores them
from their ratings alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from stages.contracts.scale import POSITIVE
from stages.core.errors import ParamError
from stages.train.fitting.model import Model, ScoreFunction, Tunes, Watch
from stages.train.fitting.rescoring import scores_anybody
from stages.train.fitting.rows import SplitRows
from stages.train.fitting.validation import validation_ndcg
from stages.train.listing import Listed, Listing, listed


@dataclass(frozen=True)
class Fitted:
    """The result of both fits on a split: candidates, the curve on valid, and the final weights.

    parts, valid_parts: what the candidates' scores are made of, if the model says so, name →
    (rows,). ratings: how many the final fit was made on.
    """

    valid_candidates: pd.DataFrame
    candidates: pd.DataFrame
    curve: pd.DataFrame
    weights: dict[str, np.ndarray]
    valid_ndcg: float
    epochs: int | None
    ratings: int
    valid_parts: dict[str, np.ndarray]
    parts: dict[str, np.ndarray]


@dataclass(frozen=True)
class Chosen:
    """A model at its best on valid, the watch of its fit, and its NDCG@10 there."""

    model: Model
    watch: Watch
    valid_ndcg: float


@dataclass(frozen=True)
class Selected:
    """What the fit on train leaves: its lists on valid, its curve, and what the refit follows.

    most: candidates per user. tuned: the settings that were chosen after the fit, if any. model:
    the fitted one, where it is not fitted again.
    """

    valid: Listed
    curve: pd.DataFrame
    epochs: int | None
    valid_ndcg: float
    most: int
    tuned: Any
    model: Model | None


def select(new_model: Callable[[], Model], rows: SplitRows, selects: bool = True) -> Chosen:
    """Fit on train and return to the epoch that was best on valid.

    selects: False if the text has seen the validation rows; the fit, and a refit after it, then run
    for all epochs of the config.
    """
    model, basis = new_model(), rows.to_select()
    if basis.placed.any() and not scores_anybody(model):
        raise ParamError(
            f"{type(model).__name__} has no place_users, so it cannot score the users whom "
            f"{rows.name} holds out; take it out of models in params.yaml, or that split out of "
            "splits"
        )
    liked = rows.valid[rows.valid["rating"] >= POSITIVE]
    ndcg = validation_ndcg(rows.seen(liked), rows.seen(rows.train), rows.held_out(rows.valid))

    def validate(score: ScoreFunction) -> np.ndarray:
        return ndcg(basis.scores(model, score))

    watch = Watch(validate=validate if selects else None)
    model.fit(basis.fitted, watch)
    if watch.best_weights is not None:
        model.restore(watch.best_weights)
    if selects and isinstance(model, Tunes):
        model.tune(validate)
    return Chosen(model, watch, float(validate(model.score).mean()))


def selected(
    new_model: Callable[[], Model],
    rows: SplitRows,
    most: int,
    selects: bool = True,
    threads: int = 1,
) -> Selected:
    """The first half of a fit: on train, with the epochs and settings best on valid; its lists.

    selects: see `select`. threads: of each process that lists candidates.
    """
    chosen = select(new_model, rows, selects)
    model, watch = chosen.model, chosen.watch
    seen, held_out = rows.seen(rows.train), rows.held_out(rows.valid)
    return Selected(
        valid=listed(Listing(model, rows.to_select(), seen, held_out, most), threads),
        curve=_curve(watch),
        epochs=watch.best_epoch,
        valid_ndcg=chosen.valid_ndcg,
        most=most,
        tuned=model.chosen if isinstance(model, Tunes) else None,
        # Two models with a matrix items × items each could be too much.
        model=None if rows.refit else model,
    )


def refitted(
    new_model: Callable[[], Model], rows: SplitRows, first: Selected, threads: int = 1
) -> Fitted:
    """The second half: the refit on train + valid; it may be made in another process."""
    final = first.model
    if final is None:
        final = new_model()
        if isinstance(final, Tunes):
            final.chosen = first.tuned
        final.fit(rows.to_list(final).fitted, Watch(last_epoch=first.epochs))
    last, seen = rows.to_list(final), rows.seen(rows.both)
    at_test = listed(Listing(final, last, seen, rows.rankable(rows.both), first.most), threads)
    return Fitted(
        valid_candidates=first.valid.candidates,
        candidates=at_test.candidates,
        curve=first.curve,
        weights=final.weights(),
        valid_ndcg=first.valid_ndcg,
        epochs=first.epochs,
        ratings=len(last.fitted.user),
        valid_parts=first.valid.parts,
        parts=at_test.parts,
    )


def _curve(watch: Watch) -> pd.DataFrame:
    """Epochs seen, their loss and NDCG@10 on valid, and a 1 at the chosen one."""
    curve = pd.DataFrame(watch.curve, columns=["epoch", "loss", "valid_ndcg@10"])
    return curve.assign(chosen=(curve["epoch"] == watch.best_epoch).astype(int))
