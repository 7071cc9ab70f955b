"""A fitted model from its stored weights, and its ranking of any items for any users."""

from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np
import pandas as pd

from stages.core.params import check_section, checked_seed
from stages.core.tables import read_arrays
from stages.core.threads import limit_threads
from stages.train.fitting.candidates import top_candidates
from stages.train.fitting.data import TrainingData
from stages.train.fitting.model import Model
from stages.train.fitting.named import model_module
from stages.train.fitting.rows import SplitRows
from stages.train.params import common_params


@runtime_checkable
class ReadsRatings(Protocol):
    """A model whose `score` reads ratings that its weights do not hold."""

    def read_ratings(self, data: TrainingData) -> None:
        """Take the ratings that it was fitted on, which `score` needs after `restore`."""


def restored(name: str, params: dict[str, Any], trained: Path) -> Model:
    """The model as the folder `trained` holds it; params: those of params.yaml."""
    module, sections = model_module(name), params.get("train") or {}
    limit_threads(common_params(params).threads)
    config = check_section(f"train.{name}", sections.get(name) or {}, module.Config)
    model: Model = module.MODEL(config, checked_seed(params.get("seed")))
    model.restore(read_arrays(trained / "weights.safetensors"))
    return model


def best_items(
    model: Model, rows: SplitRows, users: np.ndarray, allowed: np.ndarray, most: int
) -> pd.DataFrame:
    """The `most` best unseen items for these user rows among those allowed, (items,) bool.

    model: restored, of the final fit. Rows of schema CANDIDATES, scored and ordered as
    the model's own candidates are.
    """
    basis = rows.to_list(model)
    if isinstance(model, ReadsRatings):
        model.read_ratings(basis.fitted)
    score = basis.scores(model, model.score)
    best = top_candidates(
        lambda at: score(users[at]),
        rows.seen(rows.both)[users],
        rows.rankable(rows.both) & allowed,
        most,
    )
    return best.assign(user_row=users[best["user_row"]])
