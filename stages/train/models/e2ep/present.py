"""e2ep's prior as of now: what has been popular lately, and what is new to the user.

    present_i = base_i + ρ (log(1 + recent_i) − base_i)
    prior_ui  = present_i + what people with the user's traits like more − a log(1 + age_ui/30)

base_i is the prior's log(1 + likes_i), and recent_i counts the likes of i, each halved for every
`half_life` days before the last rating of all. age_ui is how many days before the user's last
rating the item was first rated, and 0 if it came later: what has arrived since then is what they
cannot have passed over. Who has not rated yet has passed over nothing, so there it is 0 too. ρ, the
half-life and a are chosen on valid; with ρ = a = 0 the prior is what it is without times. A
popularity of the last days is the strongest simple baseline of a global split (Time to Split,
arXiv 2507.16289).
"""

from dataclasses import dataclass

import numpy as np

from stages.contracts.scale import POSITIVE
from stages.train.fitting.data import TrainingData

DAY = 86_400
SETTLED = 30.0
"""Days within which an item's age makes little difference."""


@dataclass(frozen=True)
class Present:
    """What is chosen: ρ, the half-life in days, and a."""

    share: float = 0.0
    half_life: float = 30.0
    age: float = 0.0


def base_now(data: TrainingData, base: np.ndarray, chosen: Present) -> np.ndarray:
    """The prior's base as of the last rating, (items,) in float32; base: (items,)."""
    if data.timestamp is None or not chosen.share:
        return base
    liked = (data.rating >= POSITIVE) & (data.timestamp > 0)
    days = (data.timestamp.max(initial=0) - data.timestamp[liked]) / DAY
    recent = np.bincount(data.item[liked], 0.5 ** (days / chosen.half_life), len(base))
    return np.asarray(base + chosen.share * (np.log1p(recent) - base), dtype=np.float32)


def ages(own: TrainingData, arrived: np.ndarray) -> np.ndarray:
    """log(1 + age/30), (users, items) in float32, for users with these ratings.

    arrived: (items,) seconds, when each item was first rated, 0 if never.
    """
    last = np.zeros(own.n_users)
    if own.timestamp is not None:
        np.maximum.at(last, own.user, own.timestamp)
    first = np.where(arrived > 0, arrived, np.inf)
    age = np.maximum(last[:, None] - first, 0.0) / DAY
    return np.asarray(np.log1p(age / SETTLED), dtype=np.float32)
