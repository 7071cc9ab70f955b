"""A model by its name, and the threads that it may use."""

import sys
from importlib import import_module
from typing import Any

from stages.contracts.splits import family_of
from stages.core.errors import ParamError
from stages.core.spelling import suggestion
from stages.core.variants import variants
from stages.train.fitting.rescoring import can_place

MODELS = "stages.train.models"


def model_names() -> list[str]:
    """Names of all models."""
    return list(variants(MODELS, "MODEL"))


def model_module(name: str) -> Any:
    """The module of a model; an unknown name is a ParamError that lists the known ones."""
    known = variants(MODELS, "MODEL")
    if name not in known:
        raise ParamError(
            f"models in params.yaml names {name!r}, which is not a file of stages/train/models/; "
            f"{suggestion(name, known)}"
        )
    return import_module(known[name])


def require_placing(model: str, split: str) -> None:
    """Refuse a model on a split whose users it would have to be fitted on."""
    if family_of(split) == "new-users" and not can_place(model_module(model).MODEL):
        raise ParamError(
            f"{model} cannot score users whom it was not fitted on, as {split} asks; take {model} "
            f"out of models in params.yaml, or {split} out of splits"
        )


def limit_threads(threads: int) -> None:
    """Limit torch to this many threads, if a model has loaded it."""
    if torch := sys.modules.get("torch"):
        torch.set_num_threads(threads)
