"""The results of an experiment: values per user of each ranking, the fits, and the cost.

Candidates and judgements are read from DVC's cache at the experiment's commit and measured by the
evaluate package, so a value here is the same as in metrics/.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from e2ep_cli.ablating.entries import Ablation
from e2ep_cli.ablating.plan import Plan
from e2ep_cli.project.places import interpolated, items_of, pipeline
from stages.contracts.plan import run_plan
from stages.contracts.rankings import Ranking
from stages.core.errors import MissingError, ParamError
from stages.core.params import check_section
from stages.evaluate.output.record import Params
from stages.evaluate.params import EvaluateParams

if TYPE_CHECKING:
    from stages.evaluate.artifacts import Artifacts
    from stages.evaluate.statistics.places import Place

_READ = ("prepare", "enrich", "profile-items", "profile-users", "train", "rerank")
"""Stages whose outputs are needed."""


@dataclass(frozen=True)
class AblationOutcome:
    """An experiment's results.

    place: the values per user, pooled if there are several splits. made: model → split → DVC's hash
    of its fit. dollars: ranking → what its answers cost, None if a price is unknown.
    """

    plan: Plan
    place: "Place"
    made: dict[str, dict[str, str]]
    dollars: dict[str, float | None]


def outcome(folder: Path, plan: Plan, revision: str) -> AblationOutcome:
    """Read and measure an experiment; a MissingError if the cache no longer has its outputs."""
    from dvc.api import DVCFileSystem

    with TemporaryDirectory() as place:
        source = DVCFileSystem(str(folder), rev=revision)
        copied = Path(place)
        made = {path: _copy(source, path, copied, plan) for path in _paths(folder, plan)}
        return AblationOutcome(
            plan,
            _measured(copied, plan),
            _made(folder, plan, made),
            _dollars(copied, plan),
        )


def _paths(folder: Path, plan: Plan) -> Iterator[str]:
    """Outputs of the plan's own fits and rerankings, and of everything they were made from."""
    stages = pipeline(folder)
    for name in _READ:
        for item in items_of(stages[name], plan.params):
            if (
                name not in ("train", "rerank")
                or f"{name}@{'-'.join(item.values())}" in plan.targets
            ):
                yield from (interpolated(path, {"item": item}) for path in stages[name]["outs"])


def _copy(source: Any, path: str, folder: Path, plan: Plan) -> str:
    """Copy one output out of the cache; its hash."""
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    try:
        source.get(path, str(folder / path), recursive=True)
        return str(source.info(path)["md5"])
    except OSError as error:
        raise MissingError(
            f"{path} of experiment {plan.experiment} is not in DVC's cache; "
            f"`dvc exp remove {plan.experiment}`, and give the command again"
        ) from error


def _made(folder: Path, plan: Plan, hashes: dict[str, str]) -> dict[str, dict[str, str]]:
    stage, made = pipeline(folder)["train"], dict[str, dict[str, str]]()
    for item in items_of(stage, plan.params):
        if item["model"] in plan.ablation.models:
            made.setdefault(item["model"], {})[item["split"]] = hashes[
                interpolated(stage["outs"][0], {"item": item})
            ]
    return made


def _measured(folder: Path, plan: Plan) -> "Place":
    from stages.evaluate.results import Evaluation
    from stages.evaluate.statistics.places import apart, pooled, splits_and_families

    ablation, source = plan.ablation, _artifacts(folder, plan)
    lists = {"models": ablation.models, "strategies": ablation.strategies}
    rerank = plan.params["rerank"] | {"bases": ablation.bases, "reasons": {}}
    run = run_plan(plan.params | lists | {"rerank": rerank, "further": {}, "shown": {}})
    params = check_section("evaluate", plan.params["evaluate"], EvaluateParams)
    splits = Evaluation(source, source.people(), run, params).results().splits
    whole = apart(splits_and_families(splits))
    together = "+".join(place.name for place in whole)
    place = whole[0] if len(whole) == 1 else pooled(together, tuple(splits.values()))
    _require_rankings(place, ablation)
    return place


def _require_rankings(place: "Place", ablation: Ablation) -> None:
    made = next(iter(place.values.values()))
    if unknown := [name for name in ablation.entry.compare if name not in made]:
        raise ParamError(
            f"ablation {ablation.name} needs the ranking {unknown[0]}, which evaluate does not "
            f"make; choose from {', '.join(name for name in made if Ranking(name).real)}"
        )


def _artifacts(folder: Path, plan: Plan) -> "Artifacts":
    from stages.evaluate.artifacts import Artifacts

    artifacts = folder / "artifacts" / str(plan.params["dataset"])
    return Artifacts(artifacts / "prepare", artifacts)


def _dollars(folder: Path, plan: Plan) -> dict[str, float | None]:
    """Profiles where the ranking reads them, and its judge with the reasons that it gave."""
    source = _artifacts(folder, plan)
    splits = plan.params["splits"]
    profiles = ["profile/items.asked", *(f"profile/{split}/users.asked" for split in splits)]
    dollars: dict[str, float | None] = {}
    for ranking in plan.ablation.rankings:
        steps = profiles if ranking.steps or _reads_text(ranking.base, plan.params) else []
        judge = [
            f"rerank/{split}/{ranking.base}/{step}/asked"
            for split in splits
            for step in ranking.steps[:1]
        ]
        costs = [calls.dollars for step in [*steps, *judge] for calls in source.asked(step).calls]
        known = [cost for cost in costs if cost is not None]
        dollars[ranking.name] = sum(known) if len(known) == len(costs) else None
    return dollars


def _reads_text(model: str, params: Params) -> bool:
    from stages.train.fitting.named import model_module

    module = model_module(model)
    config = check_section(f"train.{model}", params["train"][model] or {}, module.Config)
    return module.MODEL(config, params["seed"]).form is not None
