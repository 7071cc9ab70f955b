"""`e2ep score`: how good any recommender's lists are."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

import typer

from e2ep_cli.options import DatasetOption, EncodingOption, JsonOption, RunOption, SplitOption
from e2ep_cli.project.places import data_folder
from e2ep_cli.reading.choice import shown_run
from e2ep_cli.reading.prepared import prepared_split
from e2ep_cli.reading.saying import say_run
from e2ep_cli.views.datasets import print_notes
from e2ep_cli.views.scores import show_scores
from stages.contracts.splits import LAST_LOOKS_AHEAD
from stages.contracts.words import read_words, worded
from stages.core.errors import InputError, one_sentence
from stages.data.files.encoded import check_encoding
from stages.evaluate.score.liking import Liking, liking_from, liking_in
from stages.evaluate.score.lists import ListScores, score_lists, score_on_split
from stages.evaluate.score.prepared import read_split


@one_sentence
def score_command(
    lists: Annotated[
        Path,
        typer.Argument(
            metavar="LISTS",
            help="Lists: columns user_id, movie_id, recommendation_rank or score, and maybe "
            "system; a TREC run; or as LensKit, RecBole and Elliot write them.",
        ),
    ],
    test: Annotated[
        Path | None,
        typer.Option(
            help="Test ratings: a table with a header, MovieLens u.data form or TREC qrels. "
            "Default: those of a split of the last run."
        ),
    ] = None,
    train: Annotated[
        Path | None,
        typer.Option(help="Training ratings, in any of these; they are dropped from the lists."),
    ] = None,
    dataset: DatasetOption = None,
    split: SplitOption = None,
    run: RunOption = None,
    positive_at: Annotated[
        float | None,
        typer.Option(
            help="Lowest rating in --test and --train that counts as liked; default: 4 on the "
            "scale 1-5, 1 in qrels, or as --dataset has it; without ratings each row counts."
        ),
    ] = None,
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
    encoding: EncodingOption = None,
    as_json: JsonOption = False,
) -> None:
    """Score the lists of any recommender against test ratings.

    Without --test and --train these are the ratings of the split that `e2ep run` made. With them,
    --dataset names the data set in data/ whose scale they are on. JSON holds unrounded values.
    """
    against, ahead = None, ""
    encoded = None if encoding is None else check_encoding(encoding)
    if test is not None and train is not None:
        if split or run:
            raise InputError(
                "--run and --split name a split of a run; leave them out, or --test and --train"
            )
        liking = _liking(dataset, positive_at)
        scores = score_lists(lists, test, train, protocol, max_train_ratings, k, liking, encoded)
    elif positive_at is not None:
        raise InputError(
            "--positive-at is about the ratings of --test and --train; a split that `e2ep run` "
            "made has the threshold of its data set, so leave it out"
        )
    elif test is None and train is None:
        made = shown_run(dataset, run, [])
        own = prepared_split(made, split)
        ratings, against = read_split(own.folder, own.name), f"{own.dataset} {own.name}"
        scores = score_on_split(lists, ratings, protocol, max_train_ratings, k, encoded)
        if own.name == "last":
            ahead = worded(LAST_LOOKS_AHEAD, read_words(own.folder))
        say_run(made)
    else:
        raise InputError(
            "--test and --train belong together; give both, or neither to score against a split "
            "that `e2ep run` made"
        )
    print_notes(tuple(note for each in scores for note in each.notes), err=True)
    if as_json:
        print(json.dumps(_as_object(scores), indent=1, sort_keys=True))
    else:
        show_scores(scores, against)
        if ahead:
            typer.echo(ahead)


def _as_object(scores: list[ListScores]) -> dict[str, object]:
    """The metrics at the top, or below `systems` where the lists name any."""
    if scores[0].system:
        return {"systems": {each.system: each.flat() for each in scores}}
    return scores[0].flat()


def _liking(dataset: str | None, positive_at: float | None) -> Liking | None:
    """As the data set has it, with a threshold of the person's own if they give one."""
    liking = liking_in(data_folder() / dataset) if dataset else None
    if positive_at is None:
        return liking
    return replace(liking, positive_at=positive_at) if liking else liking_from(positive_at)
