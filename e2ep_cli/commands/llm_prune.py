"""`e2ep llm prune`: stored answers listed or deleted."""

import time
from typing import Annotated

import typer

from e2ep_cli.project.places import root
from e2ep_cli.views.answers import show_answers
from stages.core.cache import cache_folder
from stages.core.errors import InputError, one_sentence
from stages.llm.store.inventory import AnswerFilter, count_answers, delete_answers

_DAY = 86400.0


@one_sentence
def llm_prune_command(
    older_than: Annotated[
        float | None, typer.Option(metavar="DAYS", min=0, help="Only answers older than this.")
    ] = None,
    model: Annotated[
        str | None, typer.Option(help="Only answers of models whose names begin like this.")
    ] = None,
    task: Annotated[
        str | None, typer.Option(help="Only answers to this kind of task, and their repairs.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="All answers.")] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Delete them; without it they are only listed.")
    ] = False,
) -> None:
    """List stored answers by age, model and task; delete them with --yes.

    They were paid for: a run that needs a deleted answer pays for it again.
    """
    narrowed = any(value is not None for value in (older_than, model, task))
    if yes and narrowed == everything:
        raise InputError(
            "say which answers to delete: --older-than, --model and --task, or --all alone"
        )
    now, file = time.time(), cache_folder(root()) / "replies.sqlite"
    which = AnswerFilter(None if older_than is None else now - older_than * _DAY, model, task)
    groups = count_answers(file, which)
    if not groups:
        typer.echo("no answer matches; nothing to delete")
        return
    show_answers(groups, now)
    if yes:
        typer.echo(
            f"deleted {delete_answers(file, which):,} answers; a run that needs them pays again"
        )
    else:
        typer.echo(
            f"nothing was deleted; add {'--yes' if narrowed else '--all --yes'} to delete these"
        )
