"""The table of `e2ep doctor`."""

from rich.text import Text

from e2ep_cli.checks.diagnosis import Diagnosis
from e2ep_cli.views.tables import WholeTable, name_column, show_table

_MARKS = {"fine": ("✓", "green"), "note": ("!", "yellow"), "fault": ("✗", "red")}


def show_diagnoses(rows: list[Diagnosis]) -> None:
    """A row per diagnosis, with the command that fixes it."""
    table = WholeTable(name_column("what"), "found", "to do")
    for row in rows:
        what = Text.assemble(_MARKS[row.state], " ", row.what)
        table.add_row(what, row.finding, row.cure)
    show_table(table)
