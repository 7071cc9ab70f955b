"""What an ablation's experiment runs: its parameters, its stages, and a name to find it by."""

from dataclasses import dataclass
from pathlib import Path

from e2ep_cli.ablating.entries import Ablation
from e2ep_cli.project.checking import check_changed, check_params
from e2ep_cli.project.overrides import changed_params
from e2ep_cli.project.places import git, items_of, looked_up, pipeline
from stages.core.errors import MissingError
from stages.core.params import load_params
from stages.data.manifest import MANIFEST
from stages.evaluate.output.record import Params, sha256_of

CODE_PATHS = ("stages", "dvc.yaml", "data.dvc")
"""What determines an experiment's result, apart from its parameters."""


@dataclass(frozen=True)
class Plan:
    """An ablation on a data set and splits.

    changes: dotted key → value, on top of params.yaml. params: params.yaml with them. targets:
    stages to reproduce. experiment: the name of its DVC experiment, which ends in a hash of the
    code, data and parameters.
    """

    ablation: Ablation
    changes: Params
    params: Params
    targets: tuple[str, ...]
    experiment: str


def planned(folder: Path, ablation: Ablation, options: Params) -> Plan:
    """The plan; options: what a person gave, by dotted key. Raises on a bad parameter."""
    changes = _compared_alone(folder) | options | ablation.entry.set
    changes |= _lists(ablation, changed_params(folder, changes))
    params = changed_params(folder, changes)
    check_params(params)
    check_changed(params, changes)
    targets = _targets(folder, ablation, params)
    return Plan(
        ablation, changes, params, targets, _experiment(folder, ablation.name, params, targets)
    )


def _compared_alone(folder: Path) -> Params:
    """The override that drops the splits on which nothing is compared: `further` and `shown`."""
    params = load_params(folder / "params.yaml")
    lists = ("further.splits", "further.models", "shown.splits")
    return {name: [] for name in lists if looked_up(params, name)}


def _lists(ablation: Ablation, params: Params) -> dict[str, list[str]]:
    """Lists that lack what the ablation needs, with it added; a longer list runs no stage again."""
    needed = {
        "models": ablation.models,
        "rerank.bases": ablation.bases,
        "strategies": ablation.strategies,
    }
    listed = {
        key: list(dict.fromkeys([*looked_up(params, key), *names])) for key, names in needed.items()
    }
    return {key: names for key, names in listed.items() if names != looked_up(params, key)}


def _targets(folder: Path, ablation: Ablation, params: Params) -> tuple[str, ...]:
    """The fits and rerankings behind its rankings; DVC adds what they need."""
    stages = pipeline(folder)
    needed = {
        "train": {"model": ablation.models},
        "rerank": {"base": ablation.bases, "strategy": ablation.strategies},
    }
    return tuple(
        f"{stage}@{'-'.join(item.values())}"
        for stage, axes in needed.items()
        for item in items_of(stages[stage], params)
        if all(item[axis] in names for axis, names in axes.items())
    )


def _experiment(folder: Path, name: str, params: Params, targets: tuple[str, ...]) -> str:
    manifest = folder / "data" / str(params["dataset"]) / MANIFEST
    data = manifest.read_text(encoding="utf-8") if manifest.exists() else ""
    # keys of grades are numbers, which JSON sorts apart from texts
    made_by = sha256_of([repr(params), targets, _code(folder), data])
    return f"{name}-{params['dataset']}-{made_by[:10]}"


def _code(folder: Path) -> list[str]:
    """Hashes of the committed code, and what has been edited since."""
    committed = git(folder, "rev-parse", *(f"HEAD:./{path}" for path in CODE_PATHS)).decode()
    if not committed:
        raise MissingError(
            f"{folder} has no commit that holds {', '.join(CODE_PATHS)}; experiments need Git"
        )
    return [
        committed,
        git(folder, "diff", "--binary", "HEAD", "--", *CODE_PATHS).decode(errors="replace"),
    ]
