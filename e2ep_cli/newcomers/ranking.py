"""A newcomer's ranking by a model trained without them, from the artifacts and without torch."""

from typing import Any

import numpy as np
from safetensors import SafetensorError, safe_open

from e2ep_cli.newcomers.description import SelfDescription
from e2ep_cli.reading.choice import RankingChoice
from stages.contracts.rows import USERS
from stages.core.errors import DamagedError, InputError
from stages.core.files import existing
from stages.core.tables import read_table
from stages.train.models.e2ep.newcomers import (
    Newcomer,
    can_place,
    learned_for,
    rank_items,
    score_newcomer,
    traits_like,
)
from stages.train.models.e2ep.settings import Config

NEWCOMER_MODEL = "e2ep"
"""The model that ranks for newcomers."""
_LIKED, _DISLIKED = 5.0, 1.0
"""The ratings that `liked` and `disliked` stand for."""


def newcomer_candidates(choice: RankingChoice, newcomer: SelfDescription) -> list[dict[str, Any]]:
    """All items that they have not named, in the form and order of `reading.candidate_rows`."""
    # What follows a disliked item is not what they ask for, so that the liked ones come last.
    rating = [_DISLIKED] * len(newcomer.disliked) + [_LIKED] * len(newcomer.liked)
    traits = None
    if newcomer.age is not None or newcomer.gender is not None:
        users = read_table(choice.path("prepare") / "users.parquet", USERS)
        traits = traits_like(users, newcomer.age, newcomer.gender)
    items = np.array([*newcomer.disliked, *newcomer.liked])
    placed = Newcomer(items, np.array(rating, dtype=np.float32), traits)
    scored = _scores(choice, placed)
    return [
        {"user_row": 0, "item_row": row, "place": place, "score": float(scored[row])}
        for place, row in enumerate(rank_items(scored, placed).tolist())
    ]


def _scores(choice: RankingChoice, newcomer: Newcomer) -> np.ndarray:
    """Scores (items,); if the model gives none, an InputError names the models that do."""
    path = existing(choice.path("train") / "weights.safetensors")
    try:
        with safe_open(path, "numpy") as arrays:
            learned = learned_for(arrays, newcomer.items) if can_place(arrays.keys()) else None
    except SafetensorError as error:
        raise DamagedError(f"{path} is damaged; run `e2ep run` to make it again") from error
    if learned is None:
        able = _able_models(choice)
        remedy = (
            f"take --model {' or '.join(able)}"
            if able
            else f"list {NEWCOMER_MODEL} under models and run `e2ep run`"
        )
        raise InputError(f"{choice.base} cannot rank for a newcomer; {remedy}")
    return score_newcomer(learned, newcomer, choice.section(f"train.{choice.base}", Config))


def _able_models(choice: RankingChoice) -> list[str]:
    """The trained models that rank for newcomers."""
    able = []
    for weights in sorted(choice.path("train").parent.glob("*/weights.safetensors")):
        with safe_open(weights, "numpy") as arrays:
            able += [weights.parent.name] if can_place(arrays.keys()) else []
    return able
