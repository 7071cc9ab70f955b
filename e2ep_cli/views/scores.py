"""The table of `e2ep score`."""

import typer

from e2ep_cli.views.tables import WholeTable, name_column, number_column, show_table
from stages.evaluate.score.lists import ListScores


def show_scores(scores: list[ListScores], against: str | None = None) -> None:
    """Each metric's value and how many users it averages over; a column per system if several.

    against: the data set and split whose ratings were not given as files.
    """
    first, *others = scores
    place = f"{against} · " if against else ""
    relevant = f"relevant from {first.positive_at:g}"
    users = f"users with a relevant test item: {first.users}"
    typer.echo(f"{place}{first.protocol} protocol · {relevant} · {users}")
    if others:
        _show_systems(scores)
        return
    title = first.system and f"system: {first.system}"
    table = WholeTable(
        name_column("metric"), number_column("value"), number_column("users"), title=title
    )
    for name in first.values:
        table.add_row(name, _value(first, name), str(first.counted[name]))
    show_table(table)


def _show_systems(scores: list[ListScores]) -> None:
    """A row per system, the highest NDCG first."""
    metrics = list(scores[0].values)
    table = WholeTable(name_column("system"), *map(number_column, metrics))
    ndcg = next(name for name in metrics if name.startswith("ndcg"))
    for each in sorted(scores, key=lambda made: made.values[ndcg] or 0.0, reverse=True):
        table.add_row(each.system, *(_value(each, name) for name in metrics))
    show_table(table)


def _value(scores: ListScores, name: str) -> str:
    value = scores.values[name]
    return "–" if value is None else f"{value:.4f}"
