"""Random draws made from uniform numbers alone.

They are the part of a NumPy stream that is least likely to change with its version.
"""

import numpy as np


def normal(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Nearly standard normal numbers: the sum of twelve uniform ones, minus six (Irwin–Hall)."""
    return rng.random((12, *shape)).sum(axis=0) - 6.0


def permutation(rng: np.random.Generator, n: int) -> np.ndarray:
    """0 … n−1 in random order."""
    return np.argsort(rng.random(n), kind="stable")


def whole(rng: np.random.Generator, low: int, high: int, *shape: int) -> np.ndarray:
    """Whole numbers from low to high, both included."""
    return low + (rng.random(shape) * (high - low + 1)).astype(np.int64)


def race_keys(rng: np.random.Generator, log_weights: np.ndarray) -> np.ndarray:
    """Keys whose largest k are k draws without replacement in proportion to the weights.

    This is the Gumbel top-k trick.
    """
    return log_weights - np.log(-np.log(np.maximum(rng.random(log_weights.shape), 1e-12)))


def standardised(values: np.ndarray) -> np.ndarray:
    """The values moved and scaled to mean 0 and standard deviation 1."""
    return (values - values.mean()) / values.std()
