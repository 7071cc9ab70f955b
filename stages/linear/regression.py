"""Each item's ridge regression on all others, in closed form, whatever the number of items.

    B = P(XᵀX + FFᵀ + S + D) − P·diag(ν)        P = (XᵀX + FFᵀ + Λ)⁻¹
    Λ_jj = l2·n_j^degree + growth·(XᵀX)_jj

X (users, items) are ratings, F (items, columns) features, S and D (items, items) further products
to reproduce, n_j an item's number of ratings, and ν is such that B_jj = 0. With R = P(S + D), off
the diagonal B_ij is −P_ij/P_jj·(1 + R_jj) + R_ij. At last it is divided by n_j^discount. EASE
(Steck, WWW 2019) has X and l2 alone; with `degree` it is EASE of X whose columns are divided by
n_j^(degree/2), as graph filters normalise them (Shen et al., How powerful is graph convolution for
recommendation, CIKM 2021).

D = μC draws B towards other weights C. Where ‖X − XB‖² + λ‖B‖² + μ‖B − C‖², B_jj = 0, is least,

    (XᵀX + (λ + μ)I)B = XᵀX + μC − diag(ν)

(Moon et al., LLM-enhanced linear autoencoders for recommendation, CIKM 2025, the second phase). As
λ may be below 0 there, l2 stands for the sum λ + μ here, and μ is free. Like S, D may have anything
on its diagonal, since ν takes it back.
"""

from typing import TypeVar

import numpy as np
import scipy.sparse as sp

from stages.linear.alike import LowRank
from stages.linear.inverse import (
    MOST_ITEMS,
    degrees,
    inverted,
    penalties,
    products,
    regressions,
    row_blocks,
    with_ridge,
)
from stages.linear.kept import Weights, kept_weights
from stages.linear.nearby import nearby_weights

W = TypeVar("W", np.ndarray, sp.csr_matrix)
SPARSE = 0.05
"""The share of cells of S up to which a sparse product is faster."""


def linear_weights(
    ratings: sp.csr_matrix,
    l2: float,
    growth: float = 0.0,
    features: np.ndarray | None = None,
    turns: sp.csr_matrix | None = None,
    most_items: int = MOST_ITEMS,
    degree: float = 0.0,
    discount: float = 0.0,
    drawn: LowRank | None = None,
) -> Weights:
    """B (items, items) in float32 for X (users, items), F (items, columns), S and D (items, items).

    With more than `most_items`, each item's regression is on its nearest items alone.
    """
    if ratings.shape[1] > most_items:
        gram = sp.csr_matrix(ratings.T @ ratings)
        wanted = gram if turns is None else gram + turns
        held = penalties(ratings, gram.diagonal(), l2, growth, degree)
        near = nearby_weights(gram, sp.csc_matrix(wanted), held, features, drawn=drawn)
        return _discounted(near, ratings, discount)
    # P = A⁻¹ in place of A = XᵀX + FFᵀ + Λ
    inverse = inverted(products(ratings, l2, growth, degree, features))
    if drawn is None and (turns is None or not turns.nnz):
        return kept_weights(_discounted(regressions(inverse), ratings, discount))
    other = sp.csr_matrix(inverse.shape) if turns is None else turns
    left, right = (
        side.astype(inverse.dtype) for side in drawn or np.zeros((2, len(inverse), 0))
    )  # D = left·rightᵀ: (items, ranks) each
    # In place of P, with R_jj = Σ_k P_jk (S + D)_kj: −P_ij/P_jj·(1 + R_jj) + R_ij
    reach = inverse @ left  # (items, ranks)
    pairs = sp.coo_matrix(other)
    moved = np.einsum("ij,ij->i", reach, right) + np.bincount(
        pairs.col, pairs.data * inverse[pairs.row, pairs.col], len(inverse)
    )  # R_jj: (items,)
    scale = (-(1 + moved) / np.diag(inverse)).astype(inverse.dtype)
    other = other.astype(inverse.dtype)
    if other.nnz > SPARSE * inverse.size:
        other = other.toarray()
    for part in row_blocks(len(inverse)):
        inverse[part] = inverse[part] * scale + inverse[part] @ other + reach[part] @ right.T
    np.fill_diagonal(inverse, 0.0)
    weights = np.asarray(inverse, dtype=np.float32)
    return kept_weights(_discounted(weights, ratings, discount))


def _discounted(weights: W, ratings: sp.csr_matrix, discount: float) -> W:
    """Every B_ij / n_j^discount, in the place of B."""
    if discount:
        scale = (degrees(ratings) ** -discount).astype(np.float32)
        if isinstance(weights, np.ndarray):
            weights *= scale
        else:
            weights.data *= scale[weights.indices]
    return weights


def balanced(ratings: sp.csr_matrix, balance: float) -> sp.csr_matrix:
    """X (users, items) with rows √w_u · x_u, w_u ∝ n_u^(−balance), such that ΣX² stays.

    n_u is a user's number of ratings.
    """
    if not balance:
        return ratings
    weight = np.maximum(np.diff(ratings.indptr), 1.0) ** -balance  # (users,)
    squares = np.asarray(ratings.power(2).sum(axis=1)).ravel()  # (users,)
    weight *= squares.sum() / max(weight @ squares, 1e-12)
    scaled = sp.csr_matrix(ratings, copy=True)  # with its zeros, which are ratings too
    scaled.data *= np.repeat(np.sqrt(weight), np.diff(ratings.indptr)).astype(scaled.dtype)
    return scaled


def ridge_weights(
    gram: sp.csr_matrix, wanted: sp.csr_matrix, l2: float, most_items: int = MOST_ITEMS
) -> Weights:
    """(SᵀS + λI)⁻¹ SᵀN (items, items) in float32 for SᵀS and SᵀN (items, items)."""
    n_items = gram.shape[0]
    if n_items > most_items:
        return nearby_weights(gram, sp.csc_matrix(wanted), np.full(n_items, l2), itself=True)
    inverse = inverted(with_ridge(gram, l2))
    wanted = wanted.astype(inverse.dtype)
    # A row of the product needs that row of the inverse alone, so it takes its place.
    for part in row_blocks(len(inverse)):
        inverse[part] = inverse[part] @ wanted
    return kept_weights(np.asarray(inverse, dtype=np.float32))
