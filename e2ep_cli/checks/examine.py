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
    weights,
)
from e2ep_cli.checks.diagnosis import Diagnosis, safely
from e2ep_cli.project.overrides import changed_params, parsed_settings
from stages.core.errors import E2epError
from stages.core.params import load_params


def examine(folder: Path, dataset: str | None, changes: Sequence[str] = ()) -> list[Diagnosis]:
    """Every check's rows, with the estimate for a run with `changes`."""
    params = _params(folder)
    own = parsed_settings(list(changes)) | ({"dataset": dataset} if dataset else {})
    asked = changed_params(folder, own) if own else params
    name = str(asked.get("dataset", "sample"))
    checks: dict[str, Callable[[], list[Diagnosis]]] = {
        "Python": python.check,
        "packages": lambda: packages.check(folder),
        "embedding weights": lambda: weights.check(params),
        "keys": lambda: keys.check(params, os.environ),
        "params.yaml": lambda: settings.check(folder),
        "data": lambda: data.check(folder, name),
        "disk": lambda: disk.check(folder),
        "repository": lambda: repository.check(folder),
    }
    # `dvc status` takes the longest, so it runs beside the others.
    with ThreadPoolExecutor(1) as beside:
        stages = beside.submit(safely, "pipeline", lambda: pipeline.check(folder, params))
        rows = [row for what, check in checks.items() for row in safely(what, check)]
        if not any(row.state == "fault" and row.what == "params.yaml" for row in rows):
            rows += safely("estimate", lambda: estimate.check(folder, asked, name))
            rows += safely("language model", lambda: llm.check(folder, asked))
        return rows + stages.result()


def _params(folder: Path) -> dict[str, Any]:
    """params.yaml, or nothing if it cannot be read, which its own check reports."""
    try:
        return load_params(folder / "params.yaml")
    except (E2epError, OSError, ValueError):
        return {}
