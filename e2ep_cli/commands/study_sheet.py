"""`e2ep study sheet`: a blind sheet on which people compare two rankings, and its key."""

from pathlib import Path
from typing import Annotated

import typer

from e2ep_cli.options import DatasetOption, ListSplitOption, RunOption, SetOption
from e2ep_cli.project.places import looked_up
from e2ep_cli.reading.choice import shown_run
from e2ep_cli.reading.saying import say_run
from e2ep_cli.studying.drawing import SheetSize
from e2ep_cli.studying.key import SHEET, StudyShow, key_beside, write_key
from e2ep_cli.studying.sheet import study_sheet
from e2ep_cli.studying.sides import study_sides
from stages.core.errors import InputError, one_sentence
from stages.core.files import write_text


@one_sentence
def study_sheet_command(
    first: Annotated[
        str, typer.Argument(metavar="FIRST", help="A ranking: MODEL or MODEL+STRATEGY.")
    ],
    second: Annotated[
        str | None,
        typer.Argument(
            metavar="SECOND", help="The one it is compared with; none for --show without."
        ),
    ] = None,
    out: Annotated[Path, typer.Option(help="HTML file of the sheet.")] = SHEET,
    key: Annotated[
        Path | None, typer.Option(help="File of the key; default: that of --out, as .key.json.")
    ] = None,
    shows: Annotated[
        StudyShow,
        typer.Option(
            "--show",
            help="lists: two lists. explained: two lists with their reasons. "
            "reasons: two sets of reasons for the first side's list. "
            "without: the first side's list with its reasons and without.",
        ),
    ] = "lists",
    pairs: Annotated[int, typer.Option(min=2, max=100, help="Pairs, each of another user.")] = 12,
    checks: Annotated[
        int,
        typer.Option(min=0, max=10, help="Attention checks among them, half of either kind."),
    ] = 2,
    k: Annotated[int, typer.Option("-k", "--k", min=1, max=20, help="Items of a list.")] = 5,
    likes: Annotated[
        int, typer.Option(min=1, max=20, help="Items that the user liked, at most.")
    ] = 8,
    seed: Annotated[
        int | None,
        typer.Option(min=0, help="Seed of users, order and sides; default: that of the run."),
    ] = None,
    dataset: DatasetOption = None,
    split: ListSplitOption = None,
    settings: SetOption = None,
    run: RunOption = None,
) -> None:
    """Make a blind sheet on which people compare two rankings.

    People answer in a browser, without a network, or on paper. Which list is whose is drawn, and
    stands in the key alone: keep it from those who answer.
    """
    key = key or key_beside(out)
    if key.resolve() == out.resolve():
        raise InputError(f"--key {key} is the sheet itself; name another file")
    made = shown_run(dataset, run, settings)
    sides = study_sides(made, (first, second), split, shows)
    size = SheetSize(pairs, checks, k, likes)
    html, answers = study_sheet(
        sides, shows, size, looked_up(made.params, "seed") if seed is None else seed
    )
    write_key(key, answers)
    write_text(out, html)
    say_run(made)
    typer.echo(f"{out}: sheet {answers.sheet}, {pairs} pairs and {checks} checks")
    typer.echo(f"{key}: which side is which; keep it from those who answer")
    if answers.alike:
        typer.echo(
            f"{answers.alike} of {answers.looked_at} users drawn get the same from both sides and "
            "are not asked about: say so beside the result"
        )
