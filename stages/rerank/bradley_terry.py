"""Bradley–Terry: one strength per candidate, from many orders of a few candidates each."""

from collections.abc import Iterable, Sequence

import numpy as np

_STEPS = 100
_LONGEST_STEP = 2.0
_CLOSE = 1e-9


def wins_of(orders: Iterable[Sequence[int]], n: int) -> np.ndarray:
    """How often i stands before j, (n, n); an order counts for each pair in it."""
    wins = np.zeros((n, n))
    for order in orders:
        for place, better in enumerate(order):
            wins[better, list(order[place + 1 :])] += 1
    return wins


def strengths(wins: np.ndarray, prior: float = 1.0) -> np.ndarray:
    """The likeliest θ, (n,), where P(i before j) = 1 / (1 + exp(θ_j − θ_i)), by Newton's method.

    prior: games, half of them won, that each candidate is assumed to have played against a strength
    of 0. They keep the strength of a candidate that won or lost every game finite, and put groups
    that never met on one scale.
    Source: Bradley and Terry, Rank analysis of incomplete block designs, Biometrika 1952.
    """
    games, won = wins + wins.T, wins.sum(axis=1) + prior / 2
    theta = np.zeros(len(wins))
    for _ in range(_STEPS):
        likely, known = _logistic(theta[:, None] - theta), _logistic(theta)
        slope = won - (games * likely).sum(axis=1) - prior * known
        bends = games * likely * (1 - likely)
        step = np.linalg.solve(
            np.diag(bends.sum(axis=1) + prior * known * (1 - known)) - bends, slope
        )
        largest = np.abs(step).max()
        theta += step * min(1.0, _LONGEST_STEP / max(largest, _CLOSE))
        if largest < _CLOSE:
            break
    return theta


def _logistic(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def merged(orders: Iterable[Sequence[int]], n: int) -> list[int]:
    """All n candidates by strength, ties in the base order."""
    theta = strengths(wins_of(orders, n)).round(6)
    return np.argsort(-theta, kind="stable").tolist()
