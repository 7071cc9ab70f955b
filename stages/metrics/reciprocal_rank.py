"""Reciprocal rank at k; its mean over users is MRR."""

import numpy as np


def reciprocal_rank(hits: np.ndarray, relevant: np.ndarray) -> np.ndarray:
    """1 / place of the first hit; 0 where the first k places hold none.

    hits: (users, k) bool. relevant: (users,) int, unused. Returns (users,).
    Source: Voorhees, The TREC-8 Question Answering Track Report, 1999.
    """
    return np.where(hits.any(axis=1), 1.0 / (hits.argmax(axis=1) + 1), 0.0)
