"""What a newcomer's score of an item is made of, in words that a page can show."""

from typing import Literal, TypeAlias, get_args

import numpy as np

from stages.train.fitting.data import TrainingData
from stages.train.models.e2ep.newcomers import Newcomer
from stages.train.models.e2ep.score import Learned
from stages.train.models.e2ep.settings import Config

ScorePart: TypeAlias = Literal["prior", "graph", "linear", "sequence", "popularity"]
"""The terms of stages/train/models/e2ep/score.py; popularity is the one taken off, −δ·log(…)."""
SCORE_PARTS: tuple[ScorePart, ...] = get_args(ScorePart)


def weighted_parts(
    raw: dict[str, np.ndarray], learned: Learned, known: int, settings: Config, base: np.ndarray
) -> dict[ScorePart, np.ndarray]:
    """What each part adds to the scores; together they are the scores.

    raw: as from `Learned.parts`, any shape. known: how many ratings the user has. base:
    log-popularity of the same items.
    """
    share = known / (known + float(learned.history[0]))
    beta = share * float(learned.weight[0])
    factors: dict[ScorePart, float] = {
        "prior": 1.0,
        "graph": share * float(learned.graph[0]),
        "linear": beta,
        "sequence": beta * float(learned.order[0]),
    }
    made = {name: factor * raw[name] for name, factor in factors.items() if name in raw}
    if "linear" in raw:
        made["popularity"] = -share * settings.linear.popularity * base
    return made


def newcomer_parts(
    learned: Learned, newcomer: Newcomer, settings: Config
) -> dict[ScorePart, np.ndarray]:
    """The parts of `score_newcomer`, (items,) each."""
    n, traits = len(newcomer.items), newcomer.traits
    if traits is None:
        traits = np.zeros((1, len(learned.lift)), dtype=np.float32)
    own = TrainingData(
        np.zeros(n, dtype=np.int64),
        np.arange(n),
        newcomer.rating,
        1,
        n,
        traits=traits,
        order=np.arange(n),
    )
    vectors = learned.place(own, learned.users, settings.grades)
    raw = {name: part[0] for name, part in learned.parts(vectors, own, settings).items()}
    return weighted_parts(raw, learned, n, settings, learned.base)
