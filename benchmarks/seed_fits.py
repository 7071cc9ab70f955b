"""Models fitted with several seeds on several splits, and what their lists are worth to users."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from stages.core.errors import InputError
from stages.core.spread import spread
from stages.core.threads import limit_threads
from stages.evaluate.protocols.full import full
from stages.evaluate.protocols.truth import Truth, mark
from stages.evaluate.rankings.ranking import to_ranking
from stages.train.fits import PlannedFit, made, read_fit, read_shared
from stages.train.fitting.model import Watch
from stages.train.fitting.named import model_module, torch_device
from stages.train.fitting.sources import ItemSide, Sources
from stages.train.listing import Listing, listed
from stages.train.params import common_params

K, METRIC = 10, "ndcg@10"


class AskedFit(NamedTuple):
    """A model, a split, and the seed that replaces that of params.yaml."""

    model: str
    split: str
    seed: int


def numbers(seeds: str) -> list[int]:
    """The seeds of an option such as 11,12,13, of which there must be two."""
    try:
        found = [int(seed) for seed in seeds.split(",")]
    except ValueError:
        raise InputError(
            f"--seeds {seeds}: a seed is a whole number; give two or more, such as 11,12,13"
        ) from None
    if len(set(found)) < 2:
        raise InputError(
            f"--seeds {seeds} is one seed; give two or more, as their deviation is reported"
        )
    return found


def ndcg_of(ranking: np.ndarray, truth: Truth) -> np.ndarray:
    """NDCG@10 of each user, (users,), NaN for one without a relevant test item."""
    return full(mark(ranking, truth, K), K)["ndcg"]


def rankings(
    asked: Iterable[AskedFit],
    models: Sequence[str],
    params: dict[str, Any],
    sources: Sources,
    n_users: int,
    workers: int | None,
) -> Iterator[tuple[int, np.ndarray]]:
    """Each fit's ranking at test under its number, (users, depth) item rows.

    asked: taken one by one, as there is a worker for them. models: those that may be asked for.
    """
    shared = {"items": read_shared(models, params, sources)}
    fits = (read_fit(fit.model, fit.split, params | {"seed": fit.seed}, sources) for fit in asked)
    threads = common_params(params).threads
    for number, candidates in spread(at_test, fits, threads, shared=shared, at_once=workers):
        names = ("user_row", "item_row", "place")
        rows, items, places = (candidates[name].to_numpy() for name in names)
        yield number, to_ranking(rows, items, places, n_users)


def at_test(fit: PlannedFit, items: ItemSide) -> pd.DataFrame:
    """The candidates that `made` lists at test.

    A model that stops on its training loss chooses nothing on valid: the fit on train and valid is
    the same without the one on train before it, which takes as long.
    """
    if getattr(fit.config, "stop", None) != "training-loss" or not fit.rows.refit:
        return made(fit, items).fitted.candidates
    limit_threads(fit.common.threads)
    model = model_module(fit.model).MODEL(fit.config, fit.params["seed"])
    device = torch_device(fit.common.device)
    rows = replace(items.joined(fit.rows, model.form), device=device)
    model.fit(rows.to_list(model).fitted, Watch())
    seen, rankable = rows.seen(rows.both), rows.rankable(rows.both)
    asked = Listing(model, rows.to_list(model), seen, rankable, fit.common.candidates)
    return listed(asked, fit.common.threads).candidates
