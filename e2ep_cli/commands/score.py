"""`e2ep score`: how good any recommender's lists are."""

import json
from pathlib import Path
from typing import Annotated, Literal

import typer

from e2ep_cli.options import JsonOption
from e2ep_cli.views.scores import show_scores
from stages.core.errors import one_sentence
from stages.evaluate.score.lists import score_lists


@one_sentence
def score_command(
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
            help="full: every unseen item is ranked. "
            "condensed: items without a test rating are dropped."
        ),
    ] = "full",
    max_train_ratings: Annotated[
        int | None,
        typer.Option(min=1, help="Keep users with strictly fewer training ratings than this."),
    ] = None,
    k: Annotated[
        int, typer.Option("-k", "--k", min=1, max=10_000, help="Depth of the lists.")
    ] = 10,
    as_json: JsonOption = False,
) -> None:
    """Score the lists of any recommender against test ratings.

    JSON holds unrounded values.
    """
    scores = score_lists(lists, test, train, protocol, max_train_ratings, k)
    if as_json:
        print(json.dumps(scores.flat(), indent=1, sort_keys=True))
    else:
        show_scores(scores)
