"""`e2ep explain`: a user or newcomer, their list before and after reranking, and the reasons."""

import json
from typing import Annotated

import typer

from e2ep_cli.newcomers.description import (
    AgeOption,
    DislikedOption,
    GenderOption,
    LikedOption,
    is_newcomer,
    self_description,
)
from e2ep_cli.newcomers.ranking import NEWCOMER_MODEL
from e2ep_cli.options import DatasetOption, JsonOption, ListSplitOption, RunOption, SetOption
from e2ep_cli.reading.choice import choose_ranking, shown_items, shown_run, user_row
from e2ep_cli.reading.explained_list import explanation_of
from e2ep_cli.reading.saying import say_choice
from e2ep_cli.views.against import both_as_json, other_choice, show_both
from e2ep_cli.views.explained import (
    list_as_json,
    profile_of,
    show_explained,
    user_as_json,
)
from stages.core.errors import InputError, one_sentence

_FOR_A_USER = ("explain", "profile-users", "enrich")
_FOR_A_NEWCOMER = ("train", "profile-items", "enrich")
"""Stages whose artifacts are shown."""


@one_sentence
def explain_command(
    user: Annotated[
        str | None, typer.Option("--user", help="Id of the user; without it, the stage runs.")
    ] = None,
    liked: LikedOption = None,
    disliked: DislikedOption = None,
    age: AgeOption = None,
    gender: GenderOption = None,
    k: Annotated[
        int | None,
        typer.Option("-k", "--k", min=1, help="Length of the list; default: all explained items."),
    ] = None,
    dataset: DatasetOption = None,
    split: ListSplitOption = None,
    strategy: Annotated[
        str | None,
        typer.Option(
            help="Rerank strategy; none is the graph's own order. "
            "Default: none, unless one is better on validation rows."
        ),
    ] = None,
    against: Annotated[
        str | None, typer.Option(help="Another strategy to show next to the first.")
    ] = None,
    with_claims: Annotated[
        bool, typer.Option("--claims", help="Show the checked claims under each reason.")
    ] = False,
    as_json: JsonOption = False,
    settings: SetOption = None,
    run: RunOption = None,
) -> None:
    """Explain the recommendations of a user or a newcomer.

    With neither, the stage explain is run.
    """
    for_newcomer = is_newcomer(liked, disliked, age, gender)
    if for_newcomer and (user is not None or strategy or against):
        raise InputError(
            "--liked and --disliked describe a newcomer, for whom nothing was judged; "
            "leave out --user, --strategy and --against"
        )
    if user is None and not for_newcomer:
        if k or split or strategy or against or with_claims or as_json:
            raise InputError(
                "-k, --split, --strategy, --against, --claims and --json need --user ID or "
                "--liked TITLE; without them the stage explain is run"
            )
        # Imported for the stage only: it loads the parameters of every stage.
        from e2ep_cli.runs.running import asked_run, run_stages

        run_stages(["explain"], asked_run(dataset, settings or [], run))
        return
    model, strategy = (NEWCOMER_MODEL, "none") if for_newcomer else (None, strategy)
    made = shown_run(dataset, run, settings)
    choice = choose_ranking(made, split, model, strategy, "explain", against)
    artifacts = _FOR_A_NEWCOMER if for_newcomer else _FOR_A_USER
    choice.require_whole(*artifacts)
    catalogue = shown_items(choice)
    by_id = {item.item_id: item for item in catalogue}
    if user is None:
        # Imported for newcomers only: the stages' rules that it needs take a while to load.
        from e2ep_cli.newcomers.explanation import explain_for_newcomer

        newcomer = self_description(choice, catalogue, liked, disliked, age, gender)
        explanation, profile = explain_for_newcomer(choice, newcomer, k)
    else:
        user_row(choice, user)
        explanation, profile = explanation_of(choice, user, k), profile_of(choice, user)
    if user is not None and against is not None:
        both = (explanation, explanation_of(other_choice(choice, against), user, k))
        say_choice(choice, artifacts)
        if as_json:
            _print_json(both_as_json(choice, both, profile, by_id, k))
        else:
            show_both(choice, both, profile, by_id, k)
        return
    say_choice(choice, artifacts)
    if as_json:
        shown = user_as_json(choice, profile, by_id) | list_as_json(explanation, by_id, k)
        _print_json(shown)
    else:
        show_explained(choice, explanation, profile, by_id, k, with_claims)


def _print_json(shown: dict[str, object]) -> None:
    typer.echo(json.dumps(shown, ensure_ascii=False, indent=1))
