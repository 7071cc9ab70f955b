"""What the commands of `e2ep data` print."""

import typer

from e2ep_cli.views.tables import WholeTable, name_column, show_table
from stages.core.characters import shown_text
from stages.data.check import Finding
from stages.data.listing import ListedSet


def show_listing(lines: list[ListedSet]) -> None:
    """A row per data set."""
    table = WholeTable(name_column("name"), "what it is", "where it is", "how to get it")
    for line in lines:
        table.add_row(line.name, line.description, line.place, line.way)
    show_table(table)


def show_finding(finding: Finding) -> None:
    """What was found in one data set."""
    table = WholeTable(name_column(""), "", title=finding.name, show_header=False)
    for fact, value in finding.rows.items():
        table.add_row(fact, value)
    show_table(table)


def print_notes(notes: tuple[str, ...], err: bool = False) -> None:
    """What a person should know, one line per note; `err` if stdout is for the result alone."""
    for note in notes:
        typer.echo(f"note: {shown_text(note)}", err=err)
