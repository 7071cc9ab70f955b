"""`e2ep score`: how good any recommender's lists are."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from stages.core.errors import one_sentence

if TYPE_CHECKING:
    from stages.evaluate.score.lists import Scores


@one_sentence
def score(
    lists: Annotated[
        Path,
        typer.Argument(
            metavar="LISTS.csv", help="Lists: columns user_id, movie_id, recommendation_rank."
        ),
    ],
    test: Annotated[
        Path, typer.Option(help="Test ratings: MovieLens u.data form, or CSV with a header.")
    ],
    train: Annotated[
        Path,
        typer.Option(help="Training ratings, in either form; they are dropped from the lists."),
    ],
    protocol: Annotated[
        Literal["full", "condensed"],
        typer.Option(
            help="full: every unseen movie is ranked. condensed: movies without a test rating are dropped."
        ),
    ] = "full",
    max_train_ratings: Annotated[
        int | None,
        typer.Option(min=1, help="Keep users with strictly fewer training ratings than this."),
    ] = None,
    k: Annotated[
        int, typer.Option("-k", "--k", min=1, max=10_000, help="Depth of the lists.")
    ] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="Print unrounded JSON.")] = False,
) -> None:
    """Score any recommender's lists against test ratings."""
    from stages.evaluate.score.lists import score_lists

    scores = score_lists(lists, test, train, protocol, max_train_ratings, k)
    if as_json:
        print(json.dumps(scores.flat(), indent=1, sort_keys=True))
    else:
        _show(scores)


def _show(scores: "Scores") -> None:
    from rich.console import Console
    from rich.table import Table

    console, table = Console(), Table()
    console.print(
        f"{scores.protocol} protocol · users with a relevant test movie: {scores.users}",
        highlight=False,
    )
    table.add_column("metric")
    table.add_column("value", justify="right")
    table.add_column("users behind it", justify="right")
    for name, value in scores.values.items():
        table.add_row(name, "–" if value is None else f"{value:.4f}", str(scores.counted[name]))
    console.print(table)
