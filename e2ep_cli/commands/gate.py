"""`e2ep gate`: whether the numbers still are the committed ones."""

import json
import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from e2ep_cli.commands.run import Dataset
from stages.core.errors import InputError, one_sentence

if TYPE_CHECKING:
    from rich.table import Table

    from e2ep_cli.gating.changes import Change

SHOWN = 25
STYLES = {
    "missing": "bold red",
    "worse": "red",
    "changed": "yellow",
    "better": "green",
    "new": "cyan",
}


@one_sentence
def gate(
    dataset: Dataset = None,
    against: Annotated[
        str, typer.Option(metavar="REVISION", help="Git revision to compare with.")
    ] = "HEAD",
    as_json: Annotated[bool, typer.Option("--json", help="Print every change as JSON.")] = False,
    allow_unlike: Annotated[
        bool, typer.Option("--allow-unlike", help="Compare runs on other data or settings.")
    ] = False,
) -> None:
    """Compare metrics/ with the committed numbers; exit code 1 where one is missing, or worse than metrics/gate.yaml lets pass."""
    from e2ep_cli.gating.alike import record_differences
    from e2ep_cli.gating.changes import changes_between
    from e2ep_cli.gating.limits import LIMITS_FILE, load_limits
    from e2ep_cli.gating.numbers import numbers_at, numbers_here
    from e2ep_cli.project.places import params_for, root

    folder, name = root(), params_for(dataset)["dataset"]
    limits, before, after = (
        load_limits(folder / LIMITS_FILE),
        numbers_at(folder, name, against),
        numbers_here(folder, name),
    )
    unlike = (
        record_differences(before.record, after.record) if before.record and after.record else []
    )
    if unlike and not allow_unlike:
        raise InputError(
            f"metrics/{name} and its numbers at {against} come from unlike runs, which differ in {'; '.join(unlike)}; "
            "compare with a revision of the same, or all the same with --allow-unlike"
        )
    found = changes_between(before.files, after.files, limits)
    if as_json:
        print(json.dumps(_as_json(name, against, unlike, found), ensure_ascii=False, indent=1))
    else:
        _show(f"metrics/{name} against {against}", unlike, found)
    if any(change.fails for change in found):
        raise SystemExit(1)


def _as_json(
    dataset: str, against: str, unlike: list[str], found: "list[Change]"
) -> dict[str, Any]:
    rows = [
        asdict(one) | {"times": one.times if math.isfinite(one.times) else None} for one in found
    ]
    passed = not any(one.fails for one in found)
    return {
        "dataset": dataset,
        "against": against,
        "passed": passed,
        "unlike": unlike,
        "changes": rows,
    }


def _show(what: str, unlike: list[str], found: "list[Change]") -> None:
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=True)
    if unlike:
        console.print(
            f"unlike runs: they differ in {'; '.join(unlike)}", style="yellow", markup=False
        )
    if not found:
        console.print(f"{what}: nothing moved beyond its limit", markup=False)
        return
    Console(highlight=False).print(_table(found[:SHOWN]))
    rest = f"; the first {SHOWN} are shown, --json has all" if len(found) > SHOWN else ""
    failures = sum(one.fails for one in found)
    console.print(f"{what}: {failures} of {len(found)} changes are failures{rest}", markup=False)
    if not failures:
        console.print("commit them with what made them", style="dim")


def _table(found: "list[Change]") -> "Table":
    from rich.table import Table
    from rich.text import Text

    table = Table("", "what")
    table.columns[1].overflow = "fold"
    for heading in ("committed", "now", "× limit"):
        table.add_column(heading, justify="right")
    for one in found:
        values = (_value(one.before), _value(one.after), _times(one))
        table.add_row(Text(one.state, STYLES[one.state]), Text(one.key), *map(Text, values))
    return table


def _value(value: Any) -> str:
    return "" if value is None else f"{value:.5g}" if isinstance(value, float) else str(value)


def _times(one: "Change") -> str:
    return f"{one.times:.1f}" if math.isfinite(one.times) else ""
