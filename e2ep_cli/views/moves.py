"""What `e2ep gate` prints: the numbers that moved beyond their limits."""

import math
from dataclasses import asdict
from typing import Any

from rich.text import Text

from e2ep_cli.console import PlainConsole
from e2ep_cli.gating.changes import Change
from e2ep_cli.views.tables import WholeTable, name_column, number_column, show_table

_SHOWN = 25
_STYLES = {
    "missing": "bold red",
    "worse": "red",
    "changed": "yellow",
    "better": "green",
    "new": "cyan",
}


def moves_as_json(
    dataset: str, against: str, unlike: list[str], moved: list[Change]
) -> dict[str, Any]:
    """Every change, and whether the gate lets them pass."""
    return {
        "dataset": dataset,
        "against": against,
        "passed": not any(change.fails for change in moved),
        "unlike": unlike,
        "changes": [
            asdict(change) | {"times": change.times if math.isfinite(change.times) else None}
            for change in moved
        ],
    }


def show_moves(what: str, unlike: list[str], moved: list[Change]) -> None:
    """The first changes as a table, and how many of all are failures."""
    console = PlainConsole(soft_wrap=True)
    if unlike:
        console.print(f"unlike runs: they differ in {'; '.join(unlike)}", style="yellow")
    if not moved:
        console.print(f"{what}: nothing moved beyond its limit")
        return
    show_table(_table(moved[:_SHOWN]))
    rest = f"; the first {_SHOWN} are shown, --json has all" if len(moved) > _SHOWN else ""
    failures = sum(change.fails for change in moved)
    console.print(f"{what}: {failures} of {len(moved)} changes are failures{rest}")
    if not failures:
        console.print("commit them with what made them", style="dim")


def _table(moved: list[Change]) -> WholeTable:
    headings = ("committed", "now", "× limit")
    table = WholeTable(name_column("what"), name_column(""), *map(number_column, headings))
    for change in moved:
        times = f"{change.times:.1f}" if math.isfinite(change.times) else ""
        state = Text(change.state, _STYLES[change.state])
        table.add_row(change.key, state, _value(change.before), _value(change.after), times)
    return table


def _value(value: Any) -> str:
    return "" if value is None else f"{value:.5g}" if isinstance(value, float) else str(value)
