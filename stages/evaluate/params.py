"""The section `evaluate:` of params.yaml, and what it needs of the rest of the file."""

from typing import Annotated, Any

from pydantic import Field

from stages.core.errors import ParamError
from stages.core.params import Section, check_section
from stages.core.splits import Further, further

Depth = Annotated[int, Field(ge=1, le=100)]


class EvaluateParams(Section):
    """How rankings are measured."""

    k: tuple[Depth, ...] = Field((10, 20), min_length=1)
    """Depths of the summary; the first one is the headline's and the one for metrics beyond accuracy."""

    curve_k: tuple[Depth, ...] = Field((1, 5, 10, 15, 20), min_length=1)
    """Depths of curves.csv."""

    fusion_weight: float = Field(0.8, ge=0, le=1)
    """The judge's share in a fused ranking; the graph's order has the rest."""

    groups: tuple[int, ...] = (10, 20)
    """A group of users for each bound, those with strictly fewer ratings in train + valid."""

    proposed: tuple[str, ...] = ("gat", "integrated", "unified", "e2ep", "e2epfacts", "e2epraw")
    """The models that are to be shown better; the best one of the others is the baseline of intervals.json."""

    resamples: int = Field(4999, ge=99, le=100_000)
    """Bootstrap and permutation draws behind an interval and a p value."""


class Wanted(Section):
    """Which rankings params.yaml asks for, so that all of them are there and no leftover is read."""

    splits: tuple[str, ...] = Field(min_length=1)
    models: tuple[str, ...] = Field(min_length=1)
    strategies: tuple[str, ...]
    bases: tuple[str, ...]
    explained: tuple[str, ...]
    compared: tuple[str, ...] = ()
    seed: int
    further: Further = Further()
    fit_weight: bool = False
    """Whether the strategies judged validation candidates too."""

    @property
    def judges(self) -> tuple[str, ...]:
        """The strategies that ask a judge; `none` keeps the base's order and is the base itself."""
        return tuple(strategy for strategy in self.strategies if strategy != "none")

    @property
    def every_split(self) -> tuple[str, ...]:
        """All that are measured."""
        return (*self.splits, *self.further.splits)

    def models_on(self, split: str) -> tuple[str, ...]:
        """The models that were trained on a split."""
        return self.models if split in self.splits else self.further.models

    def bases_on(self, split: str) -> tuple[str, ...]:
        """The models whose candidates were judged on a split."""
        return self.bases if split in self.splits else ()


def wanted(params: dict[str, Any]) -> Wanted:
    """The lists that say what should lie under artifacts/, or a ParamError."""
    lists = {name: params.get(name) or () for name in ("splits", "models", "strategies")}
    lists["bases"] = (params.get("rerank") or {}).get("bases") or ()
    lists["explained"] = (params.get("explain") or {}).get("strategies") or ()
    lists["compared"] = (params.get("compare") or {}).get("pairs") or ()
    fit = bool((params.get("rerank") or {}).get("fit_weight"))
    others = {"seed": params.get("seed", 0), "fit_weight": fit, "further": further(params)}
    found = check_section("params", {**lists, **others}, Wanted)
    unknown = [base for base in found.bases if base not in found.models]
    if unknown:
        raise ParamError(f"rerank.bases in params.yaml names {unknown[0]!r}, which is not in models; add it there")
    return found
