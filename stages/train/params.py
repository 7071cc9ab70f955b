"""The section `train.common:` of params.yaml; each model's own is the Config in its file."""

from typing import Any

from pydantic import Field

from stages.core.device import Device
from stages.core.params import Section, check_section


class CommonParams(Section):
    """What applies to every model."""

    candidates: int = Field(100, ge=20)
    """How many unseen items a user's candidate list holds."""

    refit: bool = True
    """Whether the final model is fitted again on train + valid. If not, it is the one fitted on
    train, and scores users from train + valid if it reads ratings, else as it was fitted."""

    threads: int = Field(1, ge=1)
    """Threads of torch and of the BLAS. One gives the same bytes on any number of cores, and is
    also the fastest on graphs of 100,000 ratings when other work runs at the same time."""

    device: Device = "cpu"
    """Where models of torch are fitted. `auto` is a GPU that torch can use (cuda), else the CPU,
    and says which. A GPU's metrics agree with the CPU's within ±.002, but its bytes do not, so the
    CPU is the default. DVC does not count it among what makes a fit (docs/scaling.md)."""


def common_params(params: dict[str, Any]) -> CommonParams:
    """The section of params.yaml; params: the whole of it."""
    section = (params.get("train") or {}).get("common") or {}
    return check_section("train.common", section, CommonParams)
