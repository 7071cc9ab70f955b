"""Intra-list diversity (ILD): how much the items of one list differ from each other."""

import numpy as np

from stages.metrics.catalogue import EMPTY, Catalogue


def diversity(items: np.ndarray, catalogue: Catalogue) -> float:
    """Mean over users of the mean pairwise 1 − cosine of the shown items' profile embeddings.

    items: (users, k) item rows, EMPTY where a list is shorter. Users with fewer than two items are
    left out; NaN if that leaves nobody or there are no embeddings. A zero vector has cosine 0 with
    every other.
    For unit vectors Σ_{i<j} cos = (‖Σv‖² − Σ‖v‖²) / 2, so pairs need not be visited.
    Source: Ziegler et al., Improving recommendation lists through topic diversification, WWW 2005.
    """
    sizes = (items != EMPTY).sum(axis=1)
    if catalogue.vectors is None or not (sizes > 1).any():
        return float("nan")
    items, sizes = items[sizes > 1], sizes[sizes > 1]
    # EMPTY is −1, so an empty place selects the zero row at the end, which adds nothing
    units = np.pad(_unit_rows(catalogue.vectors), ((0, 1), (0, 0)))
    squares = np.einsum("id,id->i", units, units)
    sums = np.zeros((len(items), units.shape[1]), dtype=units.dtype)
    for place in items.T:
        # place by place: an array (users, k, dimensions) is slower than all other metrics together
        sums += units[place]
    cosines = (np.einsum("ud,ud->u", sums, sums) - squares[items].sum(axis=1)) / 2
    return float((1.0 - cosines / (sizes * (sizes - 1) / 2)).mean())


def _unit_rows(vectors: np.ndarray) -> np.ndarray:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.where(lengths > 0, lengths, 1.0)
