"""Deletion faithfulness: without cited evidence a score should fall more than without others."""

import numpy as np

from stages.contracts.metrics.explanations import DeletionMeasures
from stages.contracts.probing import Probe
from stages.evaluate.statistics.resampling import Resampling


def deletion_measures(probe: Probe, resampling: Resampling, use: str) -> DeletionMeasures:
    """What a probe shows; no value if nothing was probed, no interval for a single user."""
    counts = {
        "probe_applies": probe.applies,
        "probed": len(probe.items),
        "probe_skipped": probe.skipped,
    }
    names = (
        "faithfulness",
        "faithfulness_low",
        "faithfulness_high",
        "faithfulness_liked",
        "faithful_share",
    )
    if not probe.items:
        return DeletionMeasures(**counts, **dict.fromkeys(names))
    by_user = _by_user(probe)
    low = high = None
    if len(by_user) > 1:
        low, high = (end[0] for end in resampling.interval(f"deletion {use}", by_user[:, :1]))
    share = np.mean([item.evidence > item.random for item in probe.items])
    values = (by_user[:, 0].mean(), low, high, by_user[:, 1].mean(), share)
    rounded = (None if value is None else round(float(value), 5) for value in values)
    return DeletionMeasures(**counts, **dict(zip(names, rounded, strict=True)))


def _by_user(probe: Probe) -> np.ndarray:
    """Each user's mean differences from random and from liked ratings, (users, 2)."""
    users, rows = np.unique([item.user_id for item in probe.items], return_inverse=True)
    differences = np.array(
        [(item.evidence - item.random, item.evidence - item.liked) for item in probe.items]
    )
    sums = np.zeros((len(users), 2))
    np.add.at(sums, rows, differences)
    return sums / np.bincount(rows)[:, None]
