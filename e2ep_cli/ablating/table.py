"""Ablations in the terminal: which there are, and their results."""

from collections.abc import Iterable
from itertools import groupby

from rich.box import SIMPLE_HEAD
from rich.console import Group
from rich.text import Text

from e2ep_cli.ablating.entries import Ablation
from e2ep_cli.ablating.rows import AblationRow
from e2ep_cli.console import PlainConsole
from e2ep_cli.views.tables import WholeTable, name_column, number_column, show_table

_UNKNOWN = "·"


def ablations_table(ablations: Iterable[Ablation]) -> WholeTable:
    """Names, questions and settings."""
    table = WholeTable(name_column("ablation"), "what it asks, and sets", box=SIMPLE_HEAD)
    for ablation in ablations:
        name = Text.assemble(ablation.name, (" paid", "yellow") if ablation.entry.paid else "")
        settings = (Text(f"{key}: {value}", "dim") for key, value in ablation.entry.set.items())
        table.add_row(name, Group(Text(ablation.entry.asks), *settings))
    return table


def show(rows: list[AblationRow]) -> None:
    """The first metric of every row, as a table."""
    show_table(rows_table([row for row in rows if row.metric == rows[0].metric]))
    PlainConsole().print(
        "difference: from the same ranking of the base run, or the one after vs, paired by user; "
        f"seconds: training; dollars: answers; {_UNKNOWN} not known",
        style="dim",
    )


def rows_table(rows: list[AblationRow]) -> WholeTable:
    """Rows of one metric, one per line, under the name of their ablation."""
    title = f"{rows[0].metric.upper()}, full ranking, {rows[0].splits}, {rows[0].users:,} users"
    headings = ("value", "difference", "95 % interval", "seconds", "dollars")
    made = WholeTable(
        name_column(""), *map(number_column, headings), title=title, box=SIMPLE_HEAD, pad_edge=False
    )
    for ablation, own in groupby(rows, key=lambda row: row.ablation):
        made.add_row(Text(ablation, "bold"))
        for row in own:
            made.add_row(f"  {_ranking(row)}", *_cells(row))
    return made


def _ranking(row: AblationRow) -> str:
    return (
        row.ranking if row.against in ("", row.ranking) else f"{row.ranking}\n    vs {row.against}"
    )


def _cells(row: AblationRow) -> tuple[str, str | Text, str, str, str]:
    seconds = _UNKNOWN if row.seconds is None else f"{row.seconds:,.1f}"
    dollars = _UNKNOWN if row.dollars is None else f"{row.dollars:,.2f}"
    if row.difference is None or row.low is None or row.high is None:
        return f"{row.value:.4f}", "", "", seconds, dollars
    style = "green" if row.low > 0 else "red" if row.high < 0 else ""
    interval = f"{row.low:+.4f} … {row.high:+.4f}"
    return f"{row.value:.4f}", Text(f"{row.difference:+.4f}", style), interval, seconds, dollars
