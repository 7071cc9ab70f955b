"""The table of `e2ep score`."""

import typer

from e2ep_cli.views.tables import WholeTable, names, numbers, show_table
from stages.evaluate.score.lists import ListScores


def show_scores(scores: ListScores) -> None:
    """Each metric's value, and the number of users that it averages over."""
    typer.echo(f"{scores.protocol} protocol · users with a relevant test item: {scores.users}")
    table = WholeTable(names("metric"), numbers("value"), numbers("users"))
    for name, value in scores.values.items():
        table.add_row(name, "–" if value is None else f"{value:.4f}", str(scores.counted[name]))
    show_table(table)
