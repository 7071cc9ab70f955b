"""`python -m stages.train.further`: one model on all of further.splits, in parallel."""

from pathlib import Path
from typing import Annotated

import typer

from stages.contracts.splits import every_split, further
from stages.core.errors import one_sentence
from stages.core.leftovers import prune
from stages.core.log import logged
from stages.core.params import load_params
from stages.train.fits import Made, write_made
from stages.train.fitting.sources import Sources
from stages.train.record import keep_record
from stages.train.spreading import spread_fits


@one_sentence
def main(
    model: Annotated[str, typer.Option(help="Name of the model: a file of stages/train/models/.")],
    prepared: Annotated[Path, typer.Option(help="Folder that prepare wrote.")],
    movies: Annotated[Path, typer.Option(help="The movies that enrich wrote.")],
    embedded: Annotated[Path, typer.Option(help="Folder that embed wrote.")],
    out: Annotated[Path, typer.Option(help="Folder for the model, with a folder per split.")],
) -> None:
    """Do for each split what `python -m stages.train` does, on all cores or on a cluster."""
    params = load_params()
    splits = further(params).splits
    prune(embedded, [("items", *every_split(params))])
    asked = [(model, split) for split in splits]

    def write(_: str, split: str, result: Made) -> None:
        write_made(out / split, result)
        keep_record(result.record)

    with logged(f"train {model} further") as counts:
        spread_fits(asked, params, Sources(prepared, movies, embedded), f"{model}: splits", write)
        counts["splits"] = len(splits)


if __name__ == "__main__":
    typer.run(main)
