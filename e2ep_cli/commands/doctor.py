"""`e2ep doctor`: what is installed, present and stale, and the command that cures what is not well."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from e2ep_cli.checks.diagnosis import Diagnosis, safely
from e2ep_cli.commands.run import Settings
from stages.core.errors import E2epError, one_sentence

MARKS = {"fine": "[green]✓[/]", "note": "[yellow]![/]", "fault": "[red]✗[/]"}


@one_sentence
def doctor(
    dataset: Annotated[
        str | None, typer.Option("--dataset", help="Data set, else the one in params.yaml.")
    ] = None,
    settings: Settings = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the rows as JSON.")] = False,
) -> None:
    """Look at installation, data, keys, parameters, pipeline and machine; exit code 1 where something must be cured."""
    from rich.console import Console

    from e2ep_cli.project.places import root

    with Console(stderr=True).status("looking around; dvc status takes a moment"):
        rows = examine(root(), dataset, settings or [])
    if as_json:
        _print_json(rows)
    else:
        _show(rows)
    if any(row.state == "fault" for row in rows):
        raise SystemExit(1)


def examine(folder: Path, dataset: str | None, changes: Sequence[str] = ()) -> list[Diagnosis]:
    """Every check's rows, the estimate for a run with `changes`; DVC is asked beside the others: it takes the longest."""
    from concurrent.futures import ThreadPoolExecutor

    from e2ep_cli.checks import capacity, pipeline, settings
    from e2ep_cli.project.places import stage_names

    params = _params(folder)
    asked = _asked(folder, dataset, changes) or params
    name = str(asked.get("dataset", "sample"))
    with ThreadPoolExecutor(1) as beside:
        stages = beside.submit(safely, "pipeline", lambda: pipeline.check(folder, params))
        checks = _checks(folder, params, name)
        rows = [row for what, check in checks.items() for row in safely(what, check)]
        if not any(row.state == "fault" and row.what == settings.WHAT for row in rows):
            rows += safely(
                "estimate", lambda: capacity.check(folder, asked, name, len(stage_names(asked)))
            )
        return rows + stages.result()


def _asked(folder: Path, dataset: str | None, settings: Sequence[str]) -> dict[str, Any]:
    """The parameters of the run to be estimated, empty where it is the one of params.yaml."""
    from e2ep_cli.project.overrides import changed_params, parsed

    changes = parsed(list(settings)) | ({"dataset": dataset} if dataset else {})
    return changed_params(folder, changes) if changes else {}


def _checks(
    folder: Path, params: dict[str, Any], dataset: str
) -> dict[str, Callable[[], list[Diagnosis]]]:
    from e2ep_cli.checks import data, disk, keys, packages, python, repository, settings, weights

    return {
        "Python": python.check,
        "packages": lambda: packages.check(folder),
        "embedding weights": lambda: weights.check(params),
        "keys": lambda: keys.check(params, os.environ),
        "params.yaml": lambda: settings.check(folder),
        "data": lambda: data.check(folder, dataset),
        "disk": lambda: disk.check(folder),
        "repository": lambda: repository.check(folder),
    }


def _params(folder: Path) -> dict[str, Any]:
    """params.yaml, empty where it does not read, of which the check of params.yaml tells."""
    from stages.core.params import load_params

    try:
        return load_params(folder / "params.yaml")
    except (E2epError, OSError, ValueError):
        return {}


def _print_json(rows: list[Diagnosis]) -> None:
    import json
    from dataclasses import asdict

    print(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=1))


def _show(rows: list[Diagnosis]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table("", "what")
    for name in ("found", "to do"):
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(MARKS[row.state], row.what, Text(row.found), Text(row.cure))
    Console().print(table)
