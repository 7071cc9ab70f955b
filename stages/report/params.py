"""The section `report:` of params.yaml, and what it needs of the rest of the file."""

from pathlib import Path
from typing import Any

from pydantic import Field

from stages.core.params import Section, check_section
from stages.core.splits import Further, further


class ReportParams(Section):
    """What the page shows."""

    users: int = Field(10, ge=0, le=1000)
    """How many users are shown with their explained list."""


class Asked(Section):
    """The lists of params.yaml in the order a person gave, which is the order on the page."""

    splits: tuple[str, ...] = Field(min_length=1)
    models: tuple[str, ...] = Field(min_length=1)
    strategies: tuple[str, ...]
    bases: tuple[str, ...]
    explained: tuple[str, ...]
    further: Further = Further()

    @property
    def every_model(self) -> tuple[str, ...]:
        """All that were trained somewhere."""
        return tuple(dict.fromkeys((*self.models, *self.further.models)))

    @property
    def every_split(self) -> tuple[str, ...]:
        """All that were measured."""
        return (*self.splits, *self.further.splits)

    def trained(self, split: str, model: str) -> Path | None:
        """Where a model of a split lies under train/, or None where it was not trained on it."""
        if split in self.splits:
            return Path(split, model) if model in self.models else None
        return Path("further", model, split) if model in self.further.models else None


def asked(params: dict[str, Any]) -> Asked:
    """What params.yaml lists, or a ParamError."""
    lists = {name: params.get(name) or () for name in ("splits", "models", "strategies")}
    bases = (params.get("rerank") or {}).get("bases") or ()
    explained = (params.get("explain") or {}).get("strategies") or ()
    return check_section("params", {**lists, "bases": bases, "explained": explained, "further": further(params)}, Asked)
