"""A public arena: files of one published split or sequence, of which only ids are known."""

from pathlib import Path

from stages.data.dataset import Dataset, with_raters
from stages.data.formats.bare import bare_items
from stages.data.layouts.joined import read_parts
from stages.data.registry.entries import RegistryEntry
from stages.data.sheets.ratings import IMPLICIT_SCALE, Rules, rating_frame
from stages.data.sheets.values import filled

_COLUMNS = {"item_id": "movie_id"}


def read(folder: Path, entry: RegistryEntry) -> Dataset:
    """Read the set that `entry` describes."""
    files = {part: folder / file for part, file in entry.parts.items()}
    lists = read_parts(files, entry.form)
    sheet = lists.renamed({column: _COLUMNS.get(column, column) for column in lists.columns})
    movies = bare_items(filled(sheet, "movie_id"), entry.words.item)
    ratings = rating_frame(sheet, Rules(IMPLICIT_SCALE, movies["movie_id"], "its files"))
    return Dataset(
        name=entry.name,
        kind=entry.kind,
        movies=movies,
        users=with_raters(None, ratings),
        ratings=ratings,
        scale=IMPLICIT_SCALE,
        positive_at=IMPLICIT_SCALE[1],
        implicit=True,
        timestamps=False,
        simulated=False,
        description=entry.description,
        ordered=entry.form == "sequence",
        item=entry.words.item,
        items=entry.words.items,
        verb=entry.words.verb,
    )
