"""What items' features alone say about one item given another, in closed form.

It is the first of two phases in which Moon et al. (LLM-enhanced linear autoencoders for
recommendation, CIKM 2025) bring text into EASE: an EASE of the features F (items, columns),

    C = argmin ‖Fᵀ − FᵀC‖² + λ‖C‖², C_jj = 0        C_ij = −P_ij/P_jj        P = (FFᵀ + λI)⁻¹

By Woodbury's identity P = (I − H)/λ with H = F(FᵀF + λI)⁻¹Fᵀ, so that

    C_ij = H_ij / (1 − H_jj), i ≠ j

has no more ranks than F has columns, and no matrix items × items is made. In the second phase
ratings' weights B are drawn towards C (stages/linear/regression.py).
"""

from typing import NamedTuple

import numpy as np

HELD_FEATURES = 20.0
"""λ, for features of about unit length."""


class LowRank(NamedTuple):
    """left·rightᵀ (items, items), from (items, ranks) each."""

    left: np.ndarray
    right: np.ndarray


def alike(features: np.ndarray, l2: float = HELD_FEATURES) -> LowRank:
    """C (items, items) for F (items, columns), with anything on its diagonal."""
    gram = features.T @ features + l2 * np.eye(features.shape[1])
    left = np.linalg.solve(gram, features.T).T  # F(FᵀF + λI)⁻¹: (items, columns)
    own = np.einsum("ij,ij->i", left, features)  # H_jj, below 1: (items,)
    return LowRank(left, features / (1 - own)[:, None])
