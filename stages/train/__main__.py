"""`python -m stages.train`: fit a model on a split; write its candidates, curve and weights."""

from pathlib import Path
from typing import Annotated

import typer

from stages.core.errors import one_sentence
from stages.core.log import logged
from stages.core.params import load_params
from stages.train.fits import made, read_fit, read_shared, write_made
from stages.train.fitting.sources import Sources
from stages.train.record import keep_record


@one_sentence
def main(
    model: Annotated[str, typer.Option(help="Name of the model: a file of stages/train/models/.")],
    split: Annotated[str, typer.Option(help="Name of the split.")],
    prepared: Annotated[Path, typer.Option(help="Folder that prepare wrote.")],
    movies: Annotated[Path, typer.Option(help="The movies that enrich wrote.")],
    embedded: Annotated[Path, typer.Option(help="Folder that embed wrote.")],
    out: Annotated[Path, typer.Option(help="Folder for the model.")],
) -> None:
    """Fit, choose on valid, refit, and list the top candidates."""
    params, sources = load_params(), Sources(prepared, movies, embedded)
    with logged(f"train {model} {split}") as counts:
        fit = read_fit(model, split, params, sources)
        result = made(fit, read_shared([model], params, sources))
        write_made(out, result)
        keep_record(result.record)
        counts |= result.counts


if __name__ == "__main__":
    typer.run(main)
