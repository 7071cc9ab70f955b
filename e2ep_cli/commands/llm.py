"""`e2ep llm`: the answers of chat models that are kept: export them for a replay, or delete some."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from e2ep_cli.commands.run import Dataset
from stages.core.errors import InputError, one_sentence

if TYPE_CHECKING:
    from stages.llm.store.inventory import AnswerCount

app = typer.Typer(
    no_args_is_help=True, help="Keep, export and delete the answers of language models."
)

DAY = 86400.0


@app.command()
@one_sentence
def export(
    out: Annotated[Path, typer.Argument(help="JSONL file to write.")],
    dataset: Dataset = None,
) -> None:
    """Write the answers that the last run used; llm.provider=replay repeats that run from the file, without a key."""
    from e2ep_cli.project.asked import keys_used
    from e2ep_cli.project.places import params_for, root
    from stages.core.tables import write_text
    from stages.llm.store.database import cache_folder
    from stages.llm.store.inventory import export_answers

    name = params_for(dataset)["dataset"]
    keys = keys_used(name)
    if not keys:
        raise InputError(
            f"the last run on {name} used no kept answer: offline rules or recorded answers gave them all; "
            "run it with llm.provider openai or gemini first"
        )
    lines = export_answers(cache_folder(root()) / "replies.sqlite", keys)
    write_text(out, "".join(f"{line}\n" for line in lines))
    typer.echo(f"{out}: {len(lines):,} answers")
    typer.echo(
        f"repeat the run from it: e2ep run --dataset {name} --set llm.provider=replay --set llm.replay={out}"
    )


@app.command()
@one_sentence
def prune(
    older_than: Annotated[
        float | None, typer.Option(metavar="DAYS", min=0, help="Answers older than this.")
    ] = None,
    model: Annotated[
        str | None, typer.Option(help="Answers of the models whose names begin like this.")
    ] = None,
    task: Annotated[
        str | None, typer.Option(help="Answers to this kind of task, its repairs too.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="All answers.")] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Delete them; else they are only listed.")
    ] = False,
) -> None:
    """List the kept answers by age, model and task, and with --yes delete them. They were paid for."""
    import time

    from e2ep_cli.project.places import root
    from stages.llm.store.database import cache_folder
    from stages.llm.store.inventory import AnswerFilter, count_answers, delete_answers

    narrowed = any(value is not None for value in (older_than, model, task))
    if yes and narrowed == everything:
        raise InputError(
            "say which answers to delete: --older-than, --model and --task, or --all alone"
        )
    now, file = time.time(), cache_folder(root()) / "replies.sqlite"
    which = AnswerFilter(None if older_than is None else now - older_than * DAY, model, task)
    found = count_answers(file, which)
    _show(found, now)
    if not found:
        typer.echo("no answer fits; nothing to delete")
    elif yes:
        typer.echo(
            f"deleted {delete_answers(file, which):,} answers; what needs them asks and pays again"
        )
    else:
        typer.echo(
            f"nothing was deleted; add {'--yes' if narrowed else '--all --yes'} to delete these"
        )


def _show(groups: "list[AnswerCount]", now: float) -> None:
    from rich.console import Console
    from rich.table import Column, Table

    right = (Column(name, justify="right") for name in ("answers", "oldest", "newest"))
    table = Table("task", "model", *right)
    for group in groups:
        table.add_row(
            group.task,
            group.model,
            f"{group.answers:,}",
            *(_age(at, now) for at in (group.oldest, group.newest)),
        )
    if groups:
        Console().print(table)


def _age(at: float | None, now: float) -> str:
    return "unknown" if at is None else f"{(now - at) / DAY:.1f} days"
