"""What is known of a user beside ratings and text: age and gender, as memberships."""

import numpy as np
import pandas as pd

AGES = np.array([10, 18, 25, 32, 40, 50, 60], dtype=np.float64)
"""Centres of age, in years; a user of another age belongs to those near it."""
NEAR = 7.0


def traits_of(users: pd.DataFrame) -> np.ndarray:
    """(users, traits) in float32 for rows of schema USERS: shares of the ages near the user's own, then a 1 at the gender.

    Zeros where something is unknown.
    """
    ages = users["age"].to_numpy(np.float64, na_value=np.nan)
    near = np.exp(-0.5 * ((ages[:, None] - AGES) / NEAR) ** 2)
    shares = np.nan_to_num(near / near.sum(axis=1, keepdims=True))
    genders = sorted(users["gender"].dropna().unique())
    flags = [users["gender"].eq(gender).to_numpy(np.float64, na_value=0.0) for gender in genders]
    return np.column_stack([shares, *flags]).astype(np.float32)
