"""The paper's fusion of a judge's opinion with the graph's order, §4: 80 % judge and 20 % graph."""

import numpy as np

PAPER_WEIGHT = 0.8


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
