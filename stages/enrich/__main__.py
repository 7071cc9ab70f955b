"""`python -m stages.enrich`: write the enriched movies."""

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from stages.contracts.rows import ENRICHED, MOVIES
from stages.core.errors import one_sentence
from stages.core.log import logged
from stages.core.params import load_section
from stages.core.tables import read_table, write_table
from stages.data.formats.canonical import ABOUT
from stages.enrich.movies import enriched
from stages.enrich.params import EnrichParams
from stages.enrich.sources import Metadata
from stages.enrich.sources.file import read_metadata
from stages.enrich.sources.none import NO_SOURCE
from stages.enrich.sources.tmdb import tmdb_metadata
from stages.enrich.tmdb.ids import known_ids

_DEFAULT = EnrichParams().file
"""The table that `auto` may find absent; one that a person names must be there."""


@one_sentence
def main(
    data: Annotated[
        Path, typer.Option(help="Folder of the data set, where the metadata table lies.")
    ],
    movies: Annotated[Path, typer.Option(help="The movies table that prepare wrote.")],
    out: Annotated[Path, typer.Option(help="File for the enriched movies.")],
) -> None:
    """Normalise titles and add metadata."""
    params = load_section("enrich", EnrichParams)
    with logged("enrich") as counts:
        table = read_table(movies, MOVIES)
        rows = enriched(table, *_source(params, data, table), (data / ABOUT).is_file())
        write_table(out, rows, ENRICHED)
        counts |= {"items": len(rows), "with an overview": int(rows["overview"].notna().sum())}
        counts |= {"unmatched": int(rows["unmatched"].notna().sum())}


def _source(
    params: EnrichParams, data: Path, movies: pd.DataFrame
) -> tuple[dict[str, Metadata], Metadata]:
    """Metadata by movie id, and the entry for a movie that the source does not list."""
    path = data / params.file if Path(params.file).name == params.file else Path(params.file)
    if params.source == "tmdb":
        return tmdb_metadata(movies, known_ids(data, path), params.tmdb), Metadata(source="tmdb")
    if params.source == "none" or (
        params.source == "auto" and params.file == _DEFAULT and not path.exists()
    ):
        return {}, NO_SOURCE
    return read_metadata(path), Metadata(
        source="file", unmatched=f"{params.file} has no row for this movie"
    )


if __name__ == "__main__":
    typer.run(main)
