"""`e2ep data export`: a data set or its split in files that other tools read."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from e2ep_cli.options import DataFolderOption, RunOption
from e2ep_cli.project.places import data_folder
from e2ep_cli.reading.choice import shown_run
from e2ep_cli.reading.prepared import prepared_split
from stages.core.errors import InputError, one_sentence
from stages.data.export import export, parts_of
from stages.data.read import read_dataset
from stages.evaluate.score.prepared import part_of


@one_sentence
def data_export_command(
    name: Annotated[str, typer.Argument(help="Data set in data/.")],
    out: Annotated[Path, typer.Option(help="New folder for the files.")],
    form: Annotated[
        Literal["recbole", "lenskit", "trec"],
        typer.Option(
            help="recbole: atomic files. lenskit: CSV with its names. trec: relevance judgements."
        ),
    ] = "recbole",
    split: Annotated[
        str | None,
        typer.Option(help="Write train, valid and test of this split, as the last run cut them."),
    ] = None,
    run: RunOption = None,
    folder: DataFolderOption = None,
) -> None:
    """Write a data set, or the parts of a split, in the files of another tool."""
    if run and not split:
        raise InputError("--run needs --split NAME: without a split the whole data set is written")
    data = read_dataset((folder or data_folder()) / name)
    parts = {"": data.ratings}
    if split:
        cut = prepared_split(shown_run(name, run, []), split)
        pairs = {part: part_of(cut.folder, split, part) for part in ("train", "valid", "test")}
        parts = parts_of(data, pairs)
    files = export(data, parts, form, out)
    rows = sum(len(rows) for rows in parts.values())
    typer.echo(f"{out}: {rows:,} ratings as {', '.join(file.name for file in files)}")
