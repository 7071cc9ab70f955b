"""The table of `e2ep score`."""

import typer

from e2ep_cli.views.tables import WholeTable, name_column, number_column, show_table
from stages.evaluate.score.lists import ListScores


def show_scores(scores: ListScores) -> None:
    """Each metric's value, and the number of users that it averages over."""
    typer.echo(f"{scores.protocol} protocol · users with a relevant test item: {scores.users}")
    table = WholeTable(name_column("metric"), number_column("value"), number_column("users"))
    for name, value in scores.values.items():
        table.add_row(name, "–" if value is None else f"{value:.4f}", str(scores.counted[name]))
    show_table(table)
