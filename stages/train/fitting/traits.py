"""What is known about a user besides ratings and text: age and gender, as memberships."""

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

AGES = np.array([10, 18, 25, 32, 40, 50, 60], dtype=np.float64)
"""Centres of age, in years; a user of another age belongs to those near it."""
NEAR = 7.0
"""Years within which an age counts as near, the width of a normal curve."""


def traits_of(users: "pd.DataFrame") -> np.ndarray:
    """(users, traits) in float32 of `users` (schema USERS): shares of near ages, then the gender.

    The shares of the ages near the user's own sum to 1, and the gender is a 1; zeros if unknown.
    """
    ages = users["age"].to_numpy(np.float64, na_value=np.nan)
    near = np.exp(-0.5 * ((ages[:, None] - AGES) / NEAR) ** 2)
    shares = np.nan_to_num(near / near.sum(axis=1, keepdims=True))
    genders = sorted(users["gender"].dropna().unique())
    flags = [users["gender"].eq(gender).to_numpy(np.float64, na_value=0.0) for gender in genders]
    return np.column_stack([shares, *flags]).astype(np.float32)
