"""A model by its name, and the device that it may use."""

import sys
from importlib import import_module
from typing import Any

from stages.core.device import Device, chosen_device
from stages.core.errors import ParamError
from stages.core.spelling import suggestion
from stages.core.variants import variants

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


def torch_device(asked: Device) -> str:
    """The device of `train.common.device`; the CPU if no model has loaded torch."""
    return chosen_device(asked, "train.common.device", True) if "torch" in sys.modules else "cpu"
