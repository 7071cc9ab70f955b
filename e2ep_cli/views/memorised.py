"""The table of `e2ep memorised`."""

import typer

from e2ep_cli.console import PlainConsole
from e2ep_cli.views.tables import WholeTable, name_column, number_column, show_table
from stages.contracts.metrics.memorised import RecitedShares, spaced

_NOTE = (
    "known: exact but for case and spaces; close: similar by more than 80 %, or the right item "
    "with another rating; shuffled: what the same answers score on the lines of other ids"
)


def show_recited(dataset: str, model: str, shares: RecitedShares) -> None:
    """Print what a model knows of each kind of line."""
    table = WholeTable(
        name_column("lines"),
        *map(number_column, ("asked", "known", "95 % interval", "close", "shuffled")),
        title=f"How much of {dataset} {model} recites",
    )
    for kind, row in shares.items():
        interval = f"{100 * row.low:.1f} to {100 * row.high:.1f}"
        values = (spaced(row.share), interval, spaced(row.close), spaced(row.shuffled))
        table.add_row(kind, f"{row.asked:,}", *values)
    show_table(table)
    for kind, row in shares.items():
        if row.unanswered:
            typer.echo(
                f"{kind}: {row.unanswered:,} of {row.asked:,} questions brought no usable answer "
                "and count as not known"
            )
    PlainConsole().print(f"{_NOTE}\n", style="dim")
