"""A newcomer's ranking by a model trained without them, from the artifacts and without torch."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from safetensors import SafetensorError, safe_open

from e2ep_cli.newcomers.description import SelfDescription
from e2ep_cli.newcomers.parts import ScorePart, newcomer_parts
from e2ep_cli.reading.choice import RankingChoice
from stages.contracts.rows import USERS
from stages.core.errors import DamagedError, InputError
from stages.core.files import existing
from stages.core.tables import read_table
from stages.train.models.e2ep.newcomers import (
    Arrays,
    Newcomer,
    can_place,
    learned_for,
    rank_items,
    score_newcomer,
    traits_like,
)
from stages.train.models.e2ep.settings import Config

if TYPE_CHECKING:
    import pandas as pd

NEWCOMER_MODEL = "e2ep"
"""The model that ranks for newcomers."""
_LIKED, _DISLIKED = 5.0, 1.0
"""The ratings that `liked` and `disliked` stand for."""


@dataclass(frozen=True)
class NewcomerModel:
    """A fitted model as newcomers need it; users: gives those of the data set (schema USERS)."""

    arrays: Arrays
    settings: Config
    users: "Callable[[], pd.DataFrame]"

    def newcomer(self, described: SelfDescription) -> Newcomer:
        """What the model is told of them."""
        # What follows a disliked item is not what they ask for, so that the liked ones come last.
        rating = [_DISLIKED] * len(described.disliked) + [_LIKED] * len(described.liked)
        traits = None
        if described.age is not None or described.gender is not None:
            traits = traits_like(self.users(), described.age, described.gender)
        items = np.array([*described.disliked, *described.liked], dtype=np.int64)
        return Newcomer(items, np.array(rating, dtype=np.float32), traits)

    def candidates(
        self, described: SelfDescription, allowed: np.ndarray | None = None, most: int | None = None
    ) -> list[dict[str, Any]]:
        """Items that they have not named, in the form and order of `reading.candidate_rows`.

        allowed: (items,) bool, those listed. most: how many at most. Default: all.
        """
        newcomer = self.newcomer(described)
        learned = learned_for(self.arrays, newcomer.items)
        scored = score_newcomer(learned, newcomer, self.settings)
        order = rank_items(scored, newcomer)
        places = np.arange(len(order)) if allowed is None else np.flatnonzero(allowed[order])
        return [
            {"user_row": 0, "item_row": row, "place": place, "score": float(scored[row])}
            for place, row in zip(
                places[:most].tolist(), order[places[:most]].tolist(), strict=True
            )
        ]

    def parts(self, described: SelfDescription, rows: Sequence[int]) -> dict[ScorePart, np.ndarray]:
        """What the scores of these items are made of, (rows,) each."""
        newcomer = self.newcomer(described)
        learned = learned_for(self.arrays, newcomer.items)
        parts = newcomer_parts(learned, newcomer, self.settings)
        return {name: part[list(rows)] for name, part in parts.items()}


def newcomer_candidates(choice: RankingChoice, newcomer: SelfDescription) -> list[dict[str, Any]]:
    """All items that they have not named, in the form and order of `reading.candidate_rows`."""
    with opened_weights(weights_of(choice)) as arrays:
        return newcomer_model(choice, arrays).candidates(newcomer)


def newcomer_model(choice: RankingChoice, arrays: Any) -> NewcomerModel:
    """The choice's model from its weights; an InputError names the models that rank for newcomers.

    arrays: of kind `Arrays`, with `keys`.
    """
    if not can_place(arrays.keys()):
        able = _able_models(choice)
        remedy = (
            f"take --model {' or '.join(able)}"
            if able
            else f"list {NEWCOMER_MODEL} under models and run `e2ep run`"
        )
        raise InputError(f"{choice.base} cannot rank for a newcomer; {remedy}")
    settings = choice.section(f"train.{choice.base}", Config)
    return NewcomerModel(
        arrays, settings, lambda: read_table(choice.path("prepare") / "users.parquet", USERS)
    )


def weights_of(choice: RankingChoice) -> Path:
    """The file of the choice's weights."""
    return existing(choice.path("train") / "weights.safetensors")


def opened_weights(path: Path) -> Any:
    """A file of weights; a DamagedError if it is none."""
    try:
        return safe_open(path, "numpy")
    except SafetensorError as error:
        raise DamagedError(f"{path} is damaged; run `e2ep run` to make it again") from error


def _able_models(choice: RankingChoice) -> list[str]:
    """The trained models that rank for newcomers."""
    able = []
    for weights in sorted(choice.path("train").parent.glob("*/weights.safetensors")):
        with safe_open(weights, "numpy") as arrays:
            able += [weights.parent.name] if can_place(arrays.keys()) else []
    return able
