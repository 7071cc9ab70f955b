"""The table of `e2ep score`."""

from rich.console import Console
from rich.table import Table

from stages.evaluate.score.lists import ListScores


def show_scores(scores: ListScores, against: str | None = None) -> None:
    """Each metric's value, and the number of users that it averages over.

    against: the data set and split whose ratings were not given as files.
    """
    console, table = Console(highlight=False), Table()
    place = f"{against} · " if against else ""
    users = f"users with a relevant test item: {scores.users}"
    console.print(f"{place}{scores.protocol} protocol · {users}")
    table.add_column("metric")
    table.add_column("value", justify="right")
    table.add_column("users", justify="right")
    for name, value in scores.values.items():
        table.add_row(name, "–" if value is None else f"{value:.4f}", str(scores.counted[name]))
    console.print(table)
