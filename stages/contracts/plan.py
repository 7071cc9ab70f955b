"""The run plan: the data splits, models and strategies that params.yaml asks for."""

from pathlib import Path
from typing import Any

from pydantic import Field

from stages.contracts.fusion import FINAL, PAPER_WEIGHT
from stages.contracts.splits import Further, Shown, further, place_of, refits, shown, split_of
from stages.core.errors import ParamError
from stages.core.params import PARAMS, Section, check_section, load_params, load_section

COMPUTED_STRATEGIES = ("calibrated", "diverse", "learned")
"""The strategies that ask no judge but compute an order: stages/rerank/strategies/computed/."""
UNJUDGED = ("none", *COMPUTED_STRATEGIES)
"""All that ask no judge."""
READERS_OF_USERS = ("integrated", "unified")
"""Models that read vectors of the users' profiles; any other does where its `user_text` is set."""


class ReasonsParams(Section):
    """The section `rerank.reasons:`: which rankings get reasons, and how far down."""

    strategies: tuple[str, ...] = Field(("scored",), min_length=1)
    """Strategies whose lists are explained."""

    k: int = Field(10, ge=1, le=100)
    """How many items of each list."""

    claims: int = Field(3, ge=1)
    """Claims per item at most."""


class RunPlan(Section):
    """The lists of params.yaml, in the order in which they are given and later shown."""

    splits: tuple[str, ...] = Field(min_length=1)
    models: tuple[str, ...] = Field(min_length=1)
    strategies: tuple[str, ...]
    bases: tuple[str, ...]
    explained: tuple[str, ...]
    compared: tuple[str, ...] = ()
    seed: int = 0
    further: Further = Further()
    shown: Shown = Shown()
    refit: bool = True
    """Whether models are fitted again on train + valid."""
    published_users: bool = False
    """Whether users' profiles are published ones; see `published_users`."""
    fit_weight: bool = False
    """Whether the strategies judge validation candidates too."""
    fusion_weight: float = PAPER_WEIGHT
    """The judge's share in a fused ranking."""

    @property
    def judges(self) -> tuple[str, ...]:
        """The strategies that rerank; `none` keeps the base's order, so it is the base."""
        return tuple(strategy for strategy in self.strategies if strategy != "none")

    def judges_on(self, split: str) -> tuple[str, ...]:
        """The strategies that rerank a split of `reranked`, as in `judges`."""
        return tuple(name for name in self.reranked[split] if name != "none")

    @property
    def every_split(self) -> tuple[str, ...]:
        """All splits on which anything is measured."""
        return (*self.splits, *self.further.splits)

    @property
    def reranked(self) -> dict[str, tuple[str, ...]]:
        """Split → strategies, of all on which the bases are reranked, measured or not."""
        return dict.fromkeys(self.splits, self.strategies) | dict.fromkeys(
            self.shown.splits, self.shown.strategies
        )

    @property
    def every_model(self) -> tuple[str, ...]:
        """All models that are trained on some split."""
        return tuple(dict.fromkeys((*self.models, *self.further.models)))

    def place_of(self, split: str) -> str:
        """The name under which a split's numbers stand."""
        return place_of(split, self.refit)

    def models_on(self, split: str) -> tuple[str, ...]:
        """The models that are trained on a split."""
        return self.models if split in self.splits else self.further.models

    def bases_on(self, split: str) -> tuple[str, ...]:
        """The models whose candidates are judged on a split."""
        return self.bases if split in self.splits else ()

    def trained(self, place: str, model: str) -> Path | None:
        """A model's folder below train/, or None if it is not trained on the split.

        place: as from `place_of`.
        """
        split = split_of(place)
        if model not in self.models_on(split):
            return None
        return Path(split, model) if split in self.splits else Path("further", model, split)


def run_plan(params: dict[str, Any]) -> RunPlan:
    """What params.yaml asks for, or a ParamError."""
    rerank, compare = (params.get(name) or {} for name in ("rerank", "compare"))
    values = {name: params.get(name) or () for name in ("splits", "models", "strategies")}
    values |= {"bases": rerank.get("bases") or (), "compared": compare.get("pairs") or ()}
    values |= {"explained": (rerank.get("reasons") or {}).get("strategies") or ()}
    values |= {"seed": params.get("seed", 0), "further": further(params)}
    values |= {"shown": shown(params)}
    values |= {"refit": refits(params), "published_users": published_users(params)}
    values |= {name: rerank[name] for name in ("fit_weight", "fusion_weight") if name in rerank}
    plan = check_section("params", values, RunPlan)
    unknown = [base for base in plan.bases if base not in plan.models]
    if unknown:
        raise ParamError(
            f"rerank.bases in params.yaml names {unknown[0]!r}, which is not in models; "
            "add it there"
        )
    return plan


def reads_users(params: dict[str, Any], key: str) -> bool:
    """Whether a model under `key` (dots go down) reads vectors of the users' profiles."""
    models: Any = params
    for part in key.split("."):
        models = (models or {}).get(part)
    train = params.get("train") or {}
    return any(
        name in READERS_OF_USERS or (train.get(name) or {}).get("user_text")
        for name in models or ()
    )


def published_users(params: dict[str, Any]) -> bool:
    """Whether users' profiles are published ones, which have seen the validation rows.

    What was made with them is too good there, so that these rows cannot choose anything.
    """
    return (params.get("profile") or {}).get("users") == "published"


def seen_by_text(form: str | None, params: dict[str, Any]) -> bool:
    """Whether a model's text has seen the validation rows; form: of its text, None without any."""
    return form is not None and published_users(params)


def load_plan(path: Path = PARAMS) -> RunPlan:
    """The run plan of a file."""
    return run_plan(load_params(path))


def load_reasons(path: Path = PARAMS) -> ReasonsParams:
    """The section `rerank.reasons:` of a file."""
    return load_section("rerank.reasons", ReasonsParams, path)


def load_fusion_weight(strategy: str, path: Path = PARAMS) -> float:
    """The share of a strategy's values in its ranking."""
    given = (load_params(path).get("rerank") or {}).get("fusion_weight", PAPER_WEIGHT)
    return weight_of(strategy, float(given))


def weight_of(strategy: str, given: float) -> float:
    """1 for a computed strategy, whose order is final, else `given`, that of the judge."""
    return FINAL if strategy in COMPUTED_STRATEGIES else given
