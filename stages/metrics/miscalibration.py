"""Miscalibration: how far a list's genres are from those of what the user liked."""

import numpy as np

from stages.metrics.catalogue import EMPTY, Catalogue


def miscalibration(items: np.ndarray, catalogue: Catalogue) -> float:
    """Mean over users of the Hellinger distance  √(Σ_g (√p_g − √q_g)²) / √2  of genre shares.

    p: the shares of the user's history; q: the mean of p(g|i) over the shown items that have a
    genre. 0 where a list has the genres of the history, 1 where it has none of them.
    items: (users, k) item rows, EMPTY where a list is shorter; a row per user of
    `catalogue.histories`. Users whose history or list has no known genre are left out; NaN if that
    leaves nobody.
    Source: Abdollahpouri, Mansoury, Burke and Mobasher, The connection between popularity bias,
    calibration, and fairness in recommendation, RecSys 2020; unlike the divergence of Steck's
    Calibrated recommendations (RecSys 2018), it needs no smoothing and is not what the strategy
    `calibrated` minimises.
    """
    if catalogue.genres is None or catalogue.histories is None:
        return float("nan")
    # EMPTY is −1, so an empty place selects the zero row at the end, which adds nothing
    shares = np.pad(catalogue.genres, ((0, 1), (0, 0)))
    listed = np.zeros(catalogue.histories.shape)
    for place in items.T:
        listed += shares[place]
    sums, known = listed.sum(axis=1), catalogue.histories.sum(axis=1) > 0
    counted = known & (sums > 0) & (items != EMPTY).any(axis=1)
    if not counted.any():
        return float("nan")
    q = listed[counted] / sums[counted, None]  # (users, genres)
    apart = np.sqrt(catalogue.histories[counted]) - np.sqrt(q)
    return float(np.sqrt((apart**2).sum(axis=1) / 2).mean())
