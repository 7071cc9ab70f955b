"""One ranking of one split becomes rows of metric values."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from stages.contracts.metrics.numbers import CurvePoint, Protocols, Values
from stages.contracts.splits import family_of
from stages.evaluate.params import EvaluateParams
from stages.evaluate.protocols.full import full
from stages.evaluate.protocols.groups import trait_gaps
from stages.evaluate.protocols.named import PROTOCOLS, Protocol, averages
from stages.evaluate.protocols.truth import Marked, Truth, mark
from stages.metrics.catalogue import EMPTY, Catalogue
from stages.metrics.registry import BEYOND

ByDepth = dict[tuple[Protocol, int], dict[str, np.ndarray]]
"""Protocol and k → metric → (users,)."""

COMPARED = ("ndcg", "recall")
"""The metrics whose differences are tested, at the first k."""

KNOWN_BY = {"new-users": (("ndcg", 100), ("recall", 50)), "given": (("ndcg", 100), ("recall", 50))}
"""Family → metrics at depths by which published work knows it, in addition to `evaluate.k`."""


@dataclass(frozen=True)
class Split:
    """A split as the metrics see it: its truth, the catalogue, and the groups of its users."""

    name: str
    truth: Truth
    catalogue: Catalogue
    groups: dict[str, np.ndarray]


@dataclass(frozen=True)
class Measured:
    """What one ranking is worth: by protocol and group, over k, and per user in COMPARED.

    users: metric key → (users,), full protocol, NaN for a user who is not counted.
    """

    protocols: Protocols
    curves: list[CurvePoint]
    users: dict[str, np.ndarray]


def measure(name: str, ranking: np.ndarray, split: Split, params: EvaluateParams) -> Measured:
    """Every metric under both protocols; ranking: (users, depth) item rows."""
    # A candidate list that is shorter than a depth does not say what stands there.
    known = [at for at in KNOWN_BY.get(family_of(split.name), ()) if at[1] <= ranking.shape[1]]
    depths = {*params.k, *params.curve_k}
    lists = mark(ranking, split.truth, max(depths | {k for _, k in known}))
    values = {
        (protocol, k): metrics(lists, k) for protocol, metrics in PROTOCOLS.items() for k in depths
    }
    deep = {f"{metric}@{k}": full(lists, k)[metric] for metric, k in known}
    first = params.k[0]
    return Measured(
        _protocols(lists, values, deep, split, params),
        [
            CurvePoint(
                model=name, split=split.name, protocol=protocol, k=k, metric=metric, value=value
            )
            for k in params.curve_k
            for protocol, metric, value in _points(lists, values, split, k)
        ],
        {f"{metric}@{first}": values["full", first][metric] for metric in COMPARED},
    )


def _protocols(
    lists: Marked,
    values: ByDepth,
    deep: dict[str, np.ndarray],
    split: Split,
    params: EvaluateParams,
) -> Protocols:
    protocols: Protocols = {}
    for group, mask in split.groups.items():
        counted = mask & (lists.relevant > 0)
        if not counted.any():
            continue
        for name in PROTOCOLS:
            row: Values = {"users": int(counted.sum())}
            for k in params.k:
                means = averages(values[name, k], mask)
                row |= {f"{metric}@{k}": mean for metric, (mean, _) in means.items()}
            protocols[f"{name}/{group}" if group else name] = row
        k = params.k[0]
        beyond = _beyond(lists.items, counted, split, k)
        protocols[f"full/{group}" if group else "full"] |= {
            f"{metric}@{k}": value for metric, value in beyond.items()
        } | {key: mean for key, (mean, _) in averages(deep, mask).items()}
    if "full" in protocols:
        gaps = trait_gaps(values["full", k][COMPARED[0]], split.groups)
        protocols["full"] |= {f"{name}@{k}": value for name, value in gaps.items()}
    return protocols


def _beyond(items: np.ndarray, counted: np.ndarray, split: Split, k: int) -> dict[str, float]:
    """Metric → its value over the counted users, if it has one."""
    shown = np.where(counted[:, None], items[:, :k], EMPTY)
    values = {name: metric(shown, split.catalogue) for name, metric in BEYOND.items()}
    return {name: value for name, value in values.items() if not math.isnan(value)}


def _points(
    lists: Marked, values: ByDepth, split: Split, k: int
) -> Iterator[tuple[Protocol, str, float]]:
    """(protocol, metric, value) over all users."""
    for name in PROTOCOLS:
        for metric, (mean, _) in averages(values[name, k], split.groups[""]).items():
            yield name, metric, mean
    for metric, value in _beyond(lists.items, lists.relevant > 0, split, k).items():
        yield "full", metric, value
