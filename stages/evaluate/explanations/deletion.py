"""Deletion faithfulness: whether a score falls more without the cited evidence than without other ratings."""

from typing import Any

import numpy as np

from stages.contracts.probing import Probe
from stages.evaluate.statistics.resampling import Resampling


def deletion_values(probe: Probe, resampling: Resampling, use: str) -> dict[str, Any]:
    """What explanations.json says of a probe; all None where nothing was probed.

    Falls are in standard deviations of the user's scores. faithfulness: mean over users of their films' mean of fall
    without the evidence − fall without as many random other ratings; low and high: bootstrap 95 % over users.
    faithfulness_liked: the same against other liked ones. faithful_share: films that fall more without the evidence.
    probed: films; probe_skipped: films whose user has too few other liked ones.
    """
    names = (
        "faithfulness",
        "faithfulness_low",
        "faithfulness_high",
        "faithfulness_liked",
        "faithful_share",
    )
    counts = {
        "probe_applies": probe.applies,
        "probed": len(probe.items),
        "probe_skipped": probe.skipped,
    }
    if not probe.items:
        return dict.fromkeys(names) | counts
    by_user = _by_user(probe)
    low, high = (None, None)
    if len(by_user) > 1:
        low, high = (
            float(end[0]) for end in resampling.interval(f"deletion {use}", by_user[:, :1])
        )
    share = np.mean([item.evidence > item.random for item in probe.items])
    values = (by_user[:, 0].mean(), low, high, by_user[:, 1].mean(), share)
    rounded = (None if value is None else round(float(value), 5) for value in values)
    return dict(zip(names, rounded, strict=True)) | counts


def _by_user(probe: Probe) -> np.ndarray:
    """Each user's mean differences to random and to liked ratings, (users, 2)."""
    users, rows = np.unique([item.user_id for item in probe.items], return_inverse=True)
    found = np.array(
        [(item.evidence - item.random, item.evidence - item.liked) for item in probe.items]
    )
    sums = np.zeros((len(users), 2))
    np.add.at(sums, rows, found)
    return sums / np.bincount(rows)[:, None]
