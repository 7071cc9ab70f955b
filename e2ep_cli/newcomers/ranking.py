"""A visitor's ranking by a model that was trained without him, from the artifacts and without torch."""

from typing import TYPE_CHECKING, Any

from stages.core.errors import DamagedError, InputError

if TYPE_CHECKING:
    import numpy as np

    from e2ep_cli.newcomers.options import Guest
    from e2ep_cli.project.reading import Chosen
    from stages.train.models.e2ep.newcomers import Newcomer

MODEL = "e2ep"
"""The model that takes visitors in."""
LIKED, DISLIKED = 5.0, 1.0
"""The ratings that a visitor's words stand for."""


def candidate_rows(chosen: "Chosen", guest: "Guest") -> list[dict[str, Any]]:
    """All films that he has not named, in the form and order of `reading.candidate_rows`."""
    from stages.train.models.e2ep.newcomers import rank_items

    visitor = _visitor(chosen, guest)
    scores = _scores(chosen, visitor)
    return [
        {"user_row": 0, "item_row": row, "place": place, "score": float(scores[row])}
        for place, row in enumerate(rank_items(scores, visitor).tolist())
    ]


def _visitor(chosen: "Chosen", guest: "Guest") -> "Newcomer":
    import numpy as np

    from stages.contracts.rows import USERS
    from stages.core.tables import read_table
    from stages.train.models.e2ep.newcomers import Newcomer, traits_like

    rating = [LIKED] * len(guest.liked) + [DISLIKED] * len(guest.disliked)
    traits = None
    if guest.age is not None or guest.gender is not None:
        traits = traits_like(
            read_table(chosen.path("prepare") / "users.parquet", USERS), guest.age, guest.gender
        )
    return Newcomer(
        np.array([*guest.liked, *guest.disliked]), np.array(rating, dtype=np.float32), traits
    )


def _scores(chosen: "Chosen", visitor: "Newcomer") -> "np.ndarray":
    from safetensors import SafetensorError, safe_open

    from stages.core.tables import existing
    from stages.train.models.e2ep.newcomers import can_place, learned_for, score_newcomer
    from stages.train.models.e2ep.settings import Config

    path = existing(chosen.path("train") / "weights.safetensors")
    try:
        with safe_open(path, "numpy") as arrays:
            learned = learned_for(arrays, visitor.items) if can_place(arrays.keys()) else None
    except SafetensorError as error:
        raise DamagedError(f"{path} is damaged; run `e2ep run` to make it again") from error
    if learned is None:
        raise InputError(_cannot_fold(chosen))
    return score_newcomer(learned, visitor, chosen.section(f"train.{chosen.base}", Config))


def _cannot_fold(chosen: "Chosen") -> str:
    from safetensors import safe_open

    from stages.train.models.e2ep.newcomers import can_place

    able = []
    for weights in sorted(chosen.path("train").parent.glob("*/weights.safetensors")):
        with safe_open(weights, "numpy") as arrays:
            able += [weights.parent.name] if can_place(arrays.keys()) else []
    remedy = (
        f"take --model {' or '.join(able)}"
        if able
        else f"list {MODEL} under models and run `e2ep run`"
    )
    return f"{chosen.base} cannot take in somebody whom it was not trained on; {remedy}"
