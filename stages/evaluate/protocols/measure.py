"""One ranking of one split becomes rows of metric values."""

import math
from dataclasses import dataclass

import numpy as np

from stages.evaluate.params import EvaluateParams
from stages.evaluate.protocols.named import PROTOCOLS, Protocol, averages
from stages.evaluate.protocols.truth import Marked, Truth, mark
from stages.metrics.catalogue import EMPTY, Catalogue
from stages.metrics.registry import BEYOND

Values = dict[str, float | int]
"""Metric key such as `ndcg@10` → value, and the number of `users`."""

ByDepth = dict[tuple[Protocol, int], dict[str, np.ndarray]]
"""Protocol and k → metric → (users,)."""

COMPARED = ("ndcg", "recall")
"""The metrics whose differences are tested, at the first k."""


@dataclass(frozen=True)
class Split:
    """A split as the metrics see it: its truth, the catalogue, and the groups of its users."""

    name: str
    truth: Truth
    catalogue: Catalogue
    groups: dict[str, np.ndarray]


@dataclass(frozen=True)
class Point:
    """One point of a curve."""

    protocol: str
    k: int
    metric: str
    value: float


@dataclass(frozen=True)
class Measured:
    """What one ranking is worth: values by protocol and group, its curves over k, and what COMPARED is for each user.

    users: metric key → (users,), full protocol, NaN for a user who is not counted.
    """

    protocols: dict[str, Values]
    curves: list[Point]
    users: dict[str, np.ndarray]


def measure(ranking: np.ndarray, split: Split, params: EvaluateParams) -> Measured:
    """Every metric under both protocols; ranking: (users, depth) item rows."""
    lists = mark(ranking, split.truth, max(*params.k, *params.curve_k))
    depths = {*params.k, *params.curve_k}
    values = {(name, k): protocol(lists, k) for name, protocol in PROTOCOLS.items() for k in depths}
    users = {f"{name}@{params.k[0]}": values["full", params.k[0]][name] for name in COMPARED}
    return Measured(
        _protocols(lists, values, split, params), _curves(lists, values, split, params), users
    )


def _protocols(
    lists: Marked, values: ByDepth, split: Split, params: EvaluateParams
) -> dict[str, Values]:
    found: dict[str, Values] = {}
    for group, mask in split.groups.items():
        counted = mask & (lists.relevant > 0)
        if not counted.any():
            continue
        for name in PROTOCOLS:
            row: Values = {"users": int(counted.sum())}
            for k in params.k:
                row |= {
                    f"{metric}@{k}": mean
                    for metric, (mean, _) in averages(values[name, k], mask).items()
                }
            found[f"{name}/{group}" if group else name] = row
        found[f"full/{group}" if group else "full"] |= _beyond(
            lists.items, counted, split, params.k[0]
        )
    return found


def _beyond(items: np.ndarray, counted: np.ndarray, split: Split, k: int) -> dict[str, float]:
    shown = np.where(counted[:, None], items[:, :k], EMPTY)
    values = {f"{name}@{k}": metric(shown, split.catalogue) for name, metric in BEYOND.items()}
    return {name: value for name, value in values.items() if not math.isnan(value)}


def _curves(lists: Marked, values: ByDepth, split: Split, params: EvaluateParams) -> list[Point]:
    everyone, points = split.groups[""], []
    for k in params.curve_k:
        for name in PROTOCOLS:
            means = averages(values[name, k], everyone)
            points += [Point(name, k, metric, mean) for metric, (mean, _) in means.items()]
        beyond = _beyond(lists.items, lists.relevant > 0, split, k)
        points += [
            Point("full", k, metric.partition("@")[0], value) for metric, value in beyond.items()
        ]
    return points
