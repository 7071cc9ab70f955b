"""All checks of `e2ep doctor`."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from e2ep_cli.checks import (
    data,
    disk,
    estimate,
    keys,
    llm,
    packages,
    pipeline,
    python,
    repository,
    settings,
    times,
    weights,
)
from e2ep_cli.checks.diagnosis import Diagnosis, safely
from e2ep_cli.project.datasets import made_datasets
from e2ep_cli.project.overrides import changed_params, parsed_settings
from e2ep_cli.runs.run import all_runs, find_run, run_for
from e2ep_cli.runs.words import as_options
from stages.core.errors import E2epError
from stages.core.params import load_params
from stages.data.read import known_names
from stages.data.registry.entries import SAMPLE


def examine(folder: Path, dataset: str | None, changes: Sequence[str] = ()) -> list[Diagnosis]:
    """Every check's rows, for a run with `changes` and for what was last run on its data set."""
    params, own = _params(folder), parsed_settings(list(changes))
    name = str(dataset or own.get("dataset") or params.get("dataset", SAMPLE))
    is_known = name in (*known_names(folder / "data"), *made_datasets(folder))
    own = {key: value for key, value in own.items() if key != "dataset"}
    if is_known and name != params.get("dataset"):
        own["dataset"] = name
    asked = changed_params(folder, own) if own and params else params
    checks: dict[str, Callable[[], list[Diagnosis]]] = {
        "Python": python.check,
        "packages": lambda: packages.check(folder),
        "embedding weights": lambda: weights.check(asked),
        "keys": lambda: keys.check(asked, os.environ),
        "params.yaml": lambda: settings.check(folder, own),
        "data": lambda: data.check(folder, name),
        "disk": lambda: disk.check(folder),
        "repository": lambda: repository.check(folder),
    }
    # `dvc status` takes the longest, so it runs beside the others.
    with ThreadPoolExecutor(1) as beside:
        stages = beside.submit(safely, "pipeline", lambda: _pipeline(folder, params, name, own))
        rows = [row for what, check in checks.items() for row in safely(what, check)]
        if not is_known:
            return rows
        if not any(row.state == "fault" and row.what == "params.yaml" for row in rows):
            rows += safely("splits", lambda: times.check(folder, asked, name))
            rows += safely("estimate", lambda: estimate.check(folder, asked, name))
            rows += safely("language model", lambda: llm.check(folder, asked))
        return rows + stages.result()


def _pipeline(
    folder: Path, params: dict[str, Any], dataset: str, changes: dict[str, Any]
) -> list[Diagnosis]:
    """The stages of the project, or of the run of another data set or of these changes."""
    if not params:
        return []
    if set(changes) - {"dataset"}:
        asked = run_for(folder, changes)
        if not asked.is_main and not asked.folder.is_dir():
            command = f"e2ep run {as_options(asked.settings)}"
            return [pipeline.never_run("a run with these settings", command)]
        return pipeline.check(asked.folder, asked.params, asked.command)
    if dataset == params.get("dataset"):
        return pipeline.check(folder, params)
    if not any(run.dataset == dataset for run in all_runs(folder)):
        return [pipeline.never_run(dataset, f"e2ep run --dataset {dataset}")]
    run = find_run(folder, dataset, None, {})
    return pipeline.check(run.folder, run.params, run.command)


def _params(folder: Path) -> dict[str, Any]:
    """params.yaml, or nothing if it cannot be read, which its own check reports."""
    try:
        return load_params(folder / "params.yaml")
    except (E2epError, OSError, ValueError):
        return {}
