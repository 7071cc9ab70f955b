"""`python -m stages.prepare`: read data/<dataset>/, write tables, splits and the data card."""

from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from stages.contracts.rows import MOVIES, USERS
from stages.contracts.splits import every_split
from stages.contracts.words import WORDS_FILE
from stages.core.errors import one_sentence
from stages.core.files import write_json
from stages.core.log import logged
from stages.core.params import load_params, load_section, load_seed
from stages.core.tables import write_model, write_table
from stages.data.read import read_dataset
from stages.data.unchanged import require_unchanged
from stages.prepare.card import data_card
from stages.prepare.choosing import require_choosable
from stages.prepare.params import PrepareParams
from stages.prepare.rows import to_tables
from stages.prepare.splits import SplitSource, cut
from stages.prepare.written import write_ratings


@one_sentence
def main(
    data: Annotated[Path, typer.Option(help="Folder of the data set.")],
    out: Annotated[Path, typer.Option(help="Folder for tables and splits.")],
) -> None:
    """Make rows, splits and the data card."""
    params, seed = load_section("prepare", PrepareParams), load_seed()
    names = every_split(load_params())
    require_unchanged(data)
    with logged("prepare") as counts:
        dataset = read_dataset(data)
        tables = to_tables(dataset)
        source = SplitSource(tables, params, seed, dataset.timestamps, dataset.ordered)
        cuts = {name: cut(name, source).astype(np.int8) for name in names}
        require_choosable(dataset, tables, cuts)
        write_table(out / "movies.parquet", tables.movies, MOVIES)
        write_table(out / "users.parquet", tables.users, USERS)
        write_ratings(out, tables.ratings, cuts)
        write_model(out / WORDS_FILE, dataset.words)
        write_json(out / "card.json", data_card(dataset, tables, cuts, data))
        counts |= {
            "users": len(tables.users),
            dataset.words.items: len(tables.movies),
            dataset.words.rows: len(tables.ratings),
            "splits": len(cuts),
        }


if __name__ == "__main__":
    typer.run(main)
