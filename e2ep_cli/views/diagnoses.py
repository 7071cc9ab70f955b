"""The table of `e2ep doctor`."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from e2ep_cli.checks.diagnosis import Diagnosis

_MARKS = {"fine": "[green]✓[/]", "note": "[yellow]![/]", "fault": "[red]✗[/]"}


def show_diagnoses(rows: list[Diagnosis]) -> None:
    """A row per diagnosis, with the command that fixes it."""
    table = Table("", "what")
    for name in ("found", "to do"):
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(_MARKS[row.state], row.what, Text(row.finding), Text(row.cure))
    Console().print(table)
