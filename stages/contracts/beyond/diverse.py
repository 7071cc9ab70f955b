"""Maximal marginal relevance: a candidate counts for less the more it is like those picked."""

import numpy as np

from stages.contracts.beyond.greedy import SHOWN, Knob, greedy_order, relevance, user_parts


def diverse_order(
    pool: np.ndarray, scores: np.ndarray, vectors: np.ndarray, knob: Knob, shown: int = SHOWN
) -> np.ndarray:
    """Places (users, n) by  argmax_{i ∉ S} (1 − knob)·rel_i − knob·mean_{j ∈ S} cos(v_i, v_j).

    rel: the scores on a scale of 0 to 1 within the pool. The first pick has no S: it is the base's.
    pool, scores: (users, n). vectors: (items, dimensions), such as profile embeddings; a zero
    vector is like no other.
    Source: Carbonell and Goldstein, The use of MMR, diversity-based reranking for reordering
    documents and producing summaries, SIGIR 1998; their λ is 1 − knob. They take the maximum over
    S; the mean is of Smyth and McClave, Similarity vs. diversity, ICCBR 2001, and what ILD
    measures.
    """
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    units = vectors / np.where(lengths > 0, lengths, 1.0)  # (items, dimensions)
    orders = [_order(pool[at], scores[at], units, knob, shown) for at in user_parts(len(pool))]
    return np.concatenate(orders) if orders else np.empty(pool.shape, dtype=np.int64)


def _order(
    pool: np.ndarray, scores: np.ndarray, units: np.ndarray, knob: Knob, shown: int
) -> np.ndarray:
    users, rel = np.arange(len(pool)), relevance(scores, pool)
    v = units[pool]  # (users, n, dimensions)
    total = np.zeros(pool.shape)  # Σ_{j ∈ S} cos(v_i, v_j)

    def gain(step: int) -> np.ndarray:
        return (1 - knob) * rel - knob * total / max(step, 1)

    def picked(best: np.ndarray) -> None:
        # cos(v_i, v_best): a row of n cosines per pick, where all pairs would be n rows
        np.add(total, (v @ v[users, best, :, None])[..., 0], out=total)

    return greedy_order(pool, gain, picked, shown)
