"""`e2ep recommend`: the list of a user or newcomer, or the lists of all users as a file."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from e2ep_cli.newcomers.candidates import rank_for_newcomer, rank_for_users
from e2ep_cli.newcomers.description import (
    AgeOption,
    DislikedOption,
    GenderOption,
    LikedOption,
    is_newcomer,
    self_description,
)
from e2ep_cli.newcomers.filters import allowed_items
from e2ep_cli.newcomers.lists import WholeRanking, filtered_lists
from e2ep_cli.newcomers.ranking import NEWCOMER_MODEL
from e2ep_cli.options import DatasetOption, JsonOption, ListSplitOption, RunOption, SetOption
from e2ep_cli.project.places import looked_up
from e2ep_cli.reading.choice import choose_ranking, shown_items, shown_run
from e2ep_cli.reading.saying import say_choice
from e2ep_cli.views.recommended import print_list, show_list, write_lists
from stages.core.errors import InputError, one_sentence


@one_sentence
def recommend_command(
    user: Annotated[str | None, typer.Option("--user", help="Id of the user.")] = None,
    all_users: Annotated[
        bool, typer.Option("--all", help="Write the lists of all users to --out.")
    ] = False,
    liked: LikedOption = None,
    disliked: DislikedOption = None,
    age: AgeOption = None,
    gender: GenderOption = None,
    out: Annotated[
        Path | None,
        typer.Option(help="File of the lists, in a form that `e2ep score` reads."),
    ] = None,
    form: Annotated[
        Literal["csv", "trec", "lenskit", "recbole", "elliot"],
        typer.Option(help="Form of --out: ours, or the one that another tool reads."),
    ] = "csv",
    k: Annotated[int, typer.Option("-k", "--k", min=1, max=100, help="Length of a list.")] = 10,
    genre: Annotated[
        list[str] | None,
        typer.Option(help="Only items of this genre; repeatable, to allow several genres."),
    ] = None,
    year: Annotated[
        str | None, typer.Option(metavar="YEAR|FROM-TO", help="Only items from these years.")
    ] = None,
    dataset: DatasetOption = None,
    split: ListSplitOption = None,
    model: Annotated[
        str | None,
        typer.Option(help="Model; default: the first of rerank.bases, or e2ep for a newcomer."),
    ] = None,
    strategy: Annotated[
        str | None,
        typer.Option(
            help="Rerank strategy; none is the model's own order. "
            "Default: none, unless one is better on validation rows."
        ),
    ] = None,
    as_json: JsonOption = False,
    settings: SetOption = None,
    run: RunOption = None,
) -> None:
    """List the best unseen items for a user or a newcomer.

    A newcomer is described by the items that they name; nothing is trained for them.
    """
    for_newcomer = is_newcomer(liked, disliked, age, gender)
    if (
        [user is not None, for_newcomer, all_users].count(True) != 1
        or (all_users and out is None)
        or (user is not None and out is not None)
    ):
        raise InputError(
            "give one of --user ID, --liked TITLE for a newcomer, or --all with --out FILE.csv"
        )
    if form != "csv" and out is None:
        raise InputError(f"--form {form} is the form of a file; give --all with --out FILE too")
    if for_newcomer and strategy not in (None, "none"):
        raise InputError("--strategy needs --user ID: nothing was judged for a newcomer")
    base = model or (NEWCOMER_MODEL if for_newcomer else None)
    shown = shown_run(dataset, run, settings)
    if all_users:
        # Lists to score need ratings that they were not fitted on.
        split = split or looked_up(shown.params, "splits")[0]
    choice = choose_ranking(shown, split, base, "none" if for_newcomer else strategy)
    artifacts = ("train", "enrich", *(() if choice.strategy == "none" else ("rerank",)))
    choice.require_whole(*artifacts)
    catalogue = shown_items(choice)
    allowed = allowed_items(genre or [], year, catalogue)
    if for_newcomer:
        newcomer = self_description(choice, catalogue, liked, disliked, age, gender)
        ranked = rank_for_newcomer(choice, catalogue, newcomer)
    else:
        ranked = rank_for_users(choice, user)
    lists = filtered_lists(ranked, allowed, k, WholeRanking(choice).best)
    say_choice(choice, artifacts)
    if out is not None:
        write_lists(ranked, choice, lists, catalogue, out, form, k)
        return
    show = print_list if as_json else show_list
    (made,) = lists.values()
    show(ranked, choice, made, catalogue, k)
