"""trade_offs.csv: NDCG beside diversity, calibration and the gaps between groups, by knob.

All candidates of a base are ordered again by each of the orders of stages/contracts/beyond/, for
several values of its knob; nothing is fitted or asked.
"""

from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from stages.contracts.beyond.calibrated import calibrated_order
from stages.contracts.beyond.diverse import diverse_order
from stages.contracts.metrics.numbers import Models, TradeOff
from stages.contracts.splits import family_of
from stages.evaluate.output.summary import headline_place, with_family_means
from stages.evaluate.protocols.measure import measure
from stages.evaluate.rankings.pool import Pool
from stages.evaluate.results import Evaluation
from stages.metrics.catalogue import Catalogue

MEASURES = ("ndcg", "recall", "ild", "miscalibration", "coverage", "novelty")
"""What is written, beside the gaps."""


def trade_offs(run: Evaluation) -> Iterator[TradeOff]:
    """A point per base, split or family, order, knob and metric.

    On the splits that are reranked and those of the same families.
    """
    for base in run.plan.bases:
        for (strategy, knob), models in _measured(run, base).items():
            places = with_family_means(models)[base]
            for place, protocols in places.items():
                if headline_place(models | {base: places}, place) != place:
                    continue
                for key, value in protocols.get("full", {}).items():
                    name = key.partition("@")[0]
                    if name in MEASURES or name.endswith("-gap"):
                        yield TradeOff(
                            base=base,
                            split=place,
                            strategy=strategy,
                            knob=knob,
                            metric=key,
                            value=value,
                        )


def _measured(run: Evaluation, base: str) -> dict[tuple[str, float], Models]:
    """Strategy and knob → the base so ordered on every split, at the first depth alone."""
    measured: dict[tuple[str, float], Models] = defaultdict(lambda: {base: {}})
    params = run.params.model_copy(update={"k": run.params.k[:1], "curve_k": ()})
    families = set(map(family_of, run.plan.splits)) if run.params.trade_offs else set()
    for name in run.plan.every_split:
        if family_of(name) not in families or base not in run.plan.models_on(name):
            continue
        split, pool = run.split(name), run.artifacts.scored(name, base, run.n_users)
        for strategy, knob, ranking in reordered(pool, split.catalogue, run.params.trade_offs):
            values = measure(base, ranking, split, params).protocols
            measured[strategy, knob][base][split.name] = values
    return measured


def reordered(
    pool: Pool, catalogue: Catalogue, knobs: tuple[float, ...]
) -> Iterator[tuple[str, float, np.ndarray]]:
    """Strategy, knob and ranking (users, n); a strategy that lacks what it needs is left out."""
    for knob in knobs:
        orders = {}
        if catalogue.vectors is not None:
            orders["diverse"] = diverse_order(pool.items, pool.values, catalogue.vectors, knob)
        if catalogue.genres is not None and catalogue.histories is not None:
            orders["calibrated"] = calibrated_order(
                pool.items, pool.values, catalogue.genres, catalogue.histories, knob
            )
        for strategy, order in orders.items():
            yield strategy, knob, np.take_along_axis(pool.items, order, axis=1)
