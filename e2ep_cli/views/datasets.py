"""What the commands of `e2ep data` print."""

import typer

from e2ep_cli.views.tables import WholeTable, name_column, show_table
from stages.core.characters import shown_text
from stages.data.check import Finding
from stages.data.listing import ListedSet
from stages.data.registry.entries import RegistryEntry


def show_listing(groups: dict[str, list[ListedSet]]) -> None:
    """A table of sets under each way to get them."""
    for heading, lines in groups.items():
        table = WholeTable(name_column("name"), "what it is", "size", title=heading)
        for line in lines:
            table.add_row(line.name, line.description, line.size)
        show_table(table)


def show_terms(entry: RegistryEntry) -> None:
    """What a set is, and on which terms its publisher offers it."""
    size = f" ({entry.size})" if entry.size else ""
    typer.echo(f"{entry.name}: {entry.description}{size}")
    typer.echo(f"terms: {entry.terms} See {entry.page}")


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
