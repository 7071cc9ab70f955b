"""The section `explain:` of params.yaml and the weight of the lists explained, by which rerank asks and explain tells."""

from pathlib import Path

from pydantic import Field

from stages.core.fusion import PAPER_WEIGHT
from stages.core.params import PARAMS, Section, load_params


class ExplainParams(Section):
    """Which rankings are explained, and how far down."""

    strategies: tuple[str, ...] = Field(("scored",), min_length=1)
    """Rerank strategies whose lists are explained; the first is what `e2ep explain` shows."""

    k: int = Field(10, ge=1, le=100)
    """How many films of each list."""

    claims: int = Field(3, ge=1)
    """Claims a film at most."""


def load_weight(path: Path = PARAMS) -> float:
    """The judge's share in the lists that are explained."""
    return float((load_params(path).get("evaluate") or {}).get("fusion_weight", PAPER_WEIGHT))
