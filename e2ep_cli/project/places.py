"""Paths: the project's root, its parameters, and artifacts, as dvc.yaml has them."""

import itertools
import re
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from stages.core.errors import InputError, MissingError, ParamError
from stages.core.text import read_text

_VARIABLE = re.compile(r"\$\{([\w.]+)\}")


def root() -> Path:
    """The nearest folder at or above this one that holds dvc.yaml and params.yaml.

    The folder of a run (it has a run.yaml) is part of its project.
    """
    here = Path.cwd()
    for folder in (here, *here.parents):
        files = {name: (folder / name).is_file() for name in ("dvc.yaml", "params.yaml")}
        if all(files.values()) and not (folder / "run.yaml").is_file():
            _require_own(folder)
            return folder
    raise MissingError(
        f"no dvc.yaml and params.yaml at or above {here}; run e2ep inside the project's folder"
    )


def _require_own(folder: Path) -> None:
    """Refuse a copy of the project, whose stages would be its own but whose e2ep is another's."""
    own = Path(__file__).resolve().parents[2]
    if (folder / "e2ep_cli").is_dir() and folder.resolve() != own:
        raise InputError(
            f"this e2ep belongs to {own}, not to {folder}; install one there: "
            "`rm -rf .venv && make demo`, then `source .venv/bin/activate`"
        )


def data_folder() -> Path:
    """data/ of the project."""
    return root() / "data"


def git(folder: Path, *words: str) -> bytes:
    """What git prints; empty if it fails."""
    return subprocess.run(["git", *words], cwd=folder, capture_output=True).stdout


def pipeline(folder: Path) -> dict[str, dict[str, Any]]:
    """The stages of dvc.yaml, by name, not yet filled in."""
    return _parsed(read_text(folder / "dvc.yaml"))


@cache
def _parsed(text: str) -> dict[str, dict[str, Any]]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return dict(yaml.load(text, loader)["stages"])


def output(folder: Path, stage: str, **item: str) -> Path:
    """The first output of a stage in a project or run, for one item of its matrix.

    For example ``output(folder, "train", dataset=…, model=…, split=…)``.
    """
    template = pipeline(folder)[stage]["outs"][0]
    path = template if isinstance(template, str) else next(iter(template))
    return folder / interpolated(path, {"item": item})


def planned_stages(folder: Path, params: dict[str, Any]) -> list[str]:
    """The names of all stages that these parameters make, such as `train@sample-ease-fold-1`."""
    stages = pipeline(folder)
    return [
        planned_stage(stage, item) for stage in stages for item in items_of(stages[stage], params)
    ]


def planned_stage(stage: str, item: dict[str, str]) -> str:
    """DVC's name of a stage for one item of its matrix."""
    return f"{stage}@{'-'.join(item.values())}" if item else stage


def items_of(entry: dict[str, Any], params: dict[str, Any]) -> list[dict[str, str]]:
    """Every item of a stage's matrix under these parameters: axis → value."""
    matrix = entry.get("matrix", {})
    values = [_axis(choices, params) for choices in matrix.values()]
    return [
        dict(zip(matrix, combination, strict=True)) for combination in itertools.product(*values)
    ]


def outputs(
    folder: Path, stage: str, params: dict[str, Any]
) -> list[tuple[dict[str, str], list[Path]]]:
    """Each matrix item of a stage, and all its outputs."""
    entry = pipeline(folder)[stage]
    paths = [path if isinstance(path, str) else next(iter(path)) for path in entry["outs"]]
    return [
        (item, [folder / interpolated(path, {"item": item}) for path in paths])
        for item in items_of(entry, params)
    ]


def interpolated(text: str, values: dict[str, Any]) -> str:
    """`text` with each ${a.b} replaced from nested `values`."""
    return _VARIABLE.sub(lambda match: str(looked_up(values, match[1])), text)


def looked_up(values: dict[str, Any], dotted: str) -> Any:
    """The value at a dotted key, or a ParamError."""
    value: Any = values
    for key in dotted.split("."):
        if not isinstance(value, dict) or key not in value:
            raise ParamError(f"{dotted} is not in params.yaml; dvc.yaml needs it")
        value = value[key]
    return value


def _axis(choices: Any, params: dict[str, Any]) -> list[str]:
    """A matrix axis: a list, or a variable that names one."""
    if isinstance(choices, str):
        choices = looked_up(params, choices[2:-1])
    return [interpolated(str(choice), params) for choice in choices]
