"""The table of `e2ep score`."""

import typer

from e2ep_cli.views.tables import WholeTable, name_column, number_column, show_table
from stages.evaluate.score.lists import ListScores


def show_scores(scores: ListScores, against: str | None = None) -> None:
    """Each metric's value, and the number of users that it averages over.

    against: the data set and split whose ratings were not given as files.
    """
    place = f"{against} · " if against else ""
    relevant = f"relevant from {scores.positive_at:g}"
    users = f"users with a relevant test item: {scores.users}"
    typer.echo(f"{place}{scores.protocol} protocol · {relevant} · {users}")
    table = WholeTable(name_column("metric"), number_column("value"), number_column("users"))
    for name, value in scores.values.items():
        table.add_row(name, "–" if value is None else f"{value:.4f}", str(scores.counted[name]))
    show_table(table)
