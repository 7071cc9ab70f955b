"""The paper's fusion of a judge's values with the graph's order, §4: 80 % judge and 20 % graph."""

import math

import numpy as np

PAPER_WEIGHT = 0.8
FINAL = 1.0
"""The weight of an order that takes the place of the graph's."""
ROUNDING = 1e-9


def place_values(n: int) -> np.ndarray:
    """1 for the first of n places, falling evenly to 0 for the last; shape (n,)."""
    return 1.0 - np.arange(n) / max(n - 1, 1)


def fused_scores(judge: np.ndarray, weight: float = PAPER_WEIGHT) -> np.ndarray:
    """w·j + (1−w)·(1 − graph_place/(n−1)) for n candidates in the graph's order.

    judge: values in [0, 1], shape (..., n). Returns the same shape.
    """
    return weight * judge + (1.0 - weight) * place_values(judge.shape[-1])


def fused_order(judge: np.ndarray, weight: float = PAPER_WEIGHT) -> np.ndarray:
    """Graph places in fused order, best first; ties keep the graph's order. Shape as `judge`."""
    return np.argsort(-fused_scores(judge, weight), axis=-1, kind="stable")


def most_gained(n: int, weight: float = PAPER_WEIGHT) -> int:
    """The most places by which a judge can lift one of n candidates, whatever it says of others.

    The one at place p passes the one at g < p only where w·(j_p − j_g) ≥ (1−w)·(p−g)/(n−1); equal
    scores keep the graph's order, rounding aside. Since j_p − j_g ≤ 1, it passes at most
    ⌊w·(n−1)/(1−w)⌋ of them: any number from w = ½ upwards. Nothing below the pool is ever lifted.
    """
    return (
        n - 1 if weight == 1 else min(n - 1, math.floor(weight * (n - 1) / (1 - weight) + ROUNDING))
    )


def most_gained_alone(place: int, weight: float = PAPER_WEIGHT) -> int:
    """The most places gained from `place` if a judge puts it first and otherwise keeps the order.

    The others before it then have j_g = 1 − (g+1)/(n−1), and the condition of `most_gained` becomes
    p − g ≤ w·(p+1).
    """
    return min(place, math.floor(weight * (place + 1) + ROUNDING))
