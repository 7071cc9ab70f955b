"""python -m stages.data.sample --out data/sample: write the embedded data set again."""

from pathlib import Path
from typing import Annotated

import typer

from stages.core.errors import one_sentence
from stages.core.log import logged
from stages.data.sample.catalogue import read_films
from stages.data.sample.files import write_sample
from stages.data.sample.generate import SAMPLE_USERS, SEED, simulate
from stages.data.unchanged import write_checksums


@one_sentence
def main(
    out: Annotated[Path, typer.Option(help="Folder to write into.")] = Path("data/sample"),
    users: Annotated[int, typer.Option(min=1, help="How many users to simulate.")] = SAMPLE_USERS,
    seed: Annotated[
        int, typer.Option(help="Seed of every draw; the embedded set has the default.")
    ] = SEED,
) -> None:
    """Simulate users and their ratings of the catalogue's films."""
    with logged("sample") as counts:
        films = read_films()
        sample = simulate(films, users, seed)
        write_sample(out, films, sample)
        if (users, seed) == (SAMPLE_USERS, SEED):
            write_checksums(out)
        counts |= {"films": len(films), "users": users, "ratings": len(sample.ratings)}


if __name__ == "__main__":
    typer.run(main)
