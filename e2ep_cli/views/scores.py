"""The table of `e2ep score`."""

from rich.console import Console
from rich.table import Table

from stages.evaluate.score.lists import ListScores


def show_scores(scores: ListScores) -> None:
    """Each metric's value, and the number of users that it averages over."""
    console, table = Console(highlight=False), Table()
    console.print(f"{scores.protocol} protocol · users with a relevant test item: {scores.users}")
    table.add_column("metric")
    table.add_column("value", justify="right")
    table.add_column("users", justify="right")
    for name, value in scores.values.items():
        table.add_row(name, "–" if value is None else f"{value:.4f}", str(scores.counted[name]))
    console.print(table)
