"""A published set in our own form, by the reader of people's own files."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv

from stages.core.ids import natural_order
from stages.data.columns.names import USUAL
from stages.data.conversion.tables import read_columns
from stages.data.dataset import Dataset
from stages.data.formats.own import Own, read_own
from stages.data.registry.entries import RegistryEntry
from stages.data.registry.tables import Reading
from stages.data.sheets.meaning import Meaning
from stages.data.sheets.ratings import IMPLICIT_SCALE


def converted(
    folder: Path, entry: RegistryEntry, reading: Reading
) -> tuple[Dataset, tuple[str, ...]]:
    """The set whose files lie in `folder`, and what was left out of them."""
    ratings, items, left = _matched(folder, reading)
    given, people = {*ratings, *items}, None
    if reading.users is not None:
        users = read_columns(reading.users, folder)
        given, people = given.union(users), _written(folder, reading.users.file, users)
    own = Own(
        _written(folder, reading.ratings.file, ratings),
        _written(folder, reading.items.file if reading.items else "items", items),
        people,
        {key: key for key in USUAL if key in given},
        words=entry.its_words,
    )
    read = read_own(entry.name, own, _meaning(reading))
    described = replace(
        read.data,
        description=entry.description,
        ordered=reading.ordered,
        creator=entry.words.creator,
    )
    return described, (*left, *read.left_out, *read.notes)


def _meaning(reading: Reading) -> Meaning:
    if reading.implicit:
        return Meaning(IMPLICIT_SCALE, IMPLICIT_SCALE[1], True, keep_last=True)
    return Meaning(reading.scale, reading.positive_at, False, keep_last=True)


def _matched(folder: Path, reading: Reading) -> tuple[pd.DataFrame, pd.DataFrame, tuple[str, ...]]:
    """Ratings and items that belong together, and notes on what does not."""
    ratings = read_columns(reading.ratings, folder)
    all_items = _items(folder, reading, ratings["item"])
    items = all_items[all_items["title"] != ""].drop_duplicates("item")
    known = ratings["item"].isin(items["item"])
    left = (
        (len(all_items) - len(items), "items without a title, or described a second time"),
        (int((~known).sum()), "ratings of items that no file describes"),
    )
    ratings = ratings[known]
    if reading.rated:
        items = items[items["item"].isin(ratings["item"])]
    return ratings, items, tuple(f"{count:,} {what} left out" for count, what in left if count)


def _items(folder: Path, reading: Reading, rated: pd.Series) -> pd.DataFrame:
    """What the files say of the items; where titles may be made, all that were rated have one."""
    items = pd.DataFrame({"item": [], "title": []}, dtype="str")
    if reading.items is not None:
        items = read_columns(reading.items, folder)
    if reading.untitled:
        rest = natural_order(set(rated.unique()) - set(items["item"]))
        items = pd.concat([items, pd.DataFrame({"item": rest}, dtype="str")]).fillna("")
        made = items["item"].map(reading.untitled.format)
        items["title"] = items["title"].where(items["title"] != "", made)
    return items.reset_index(drop=True)


def _written(folder: Path, name: str, rows: pd.DataFrame) -> Path:
    """A file that the reader of people's own files understands, named for the publisher's."""
    path = folder / f"{name.replace('*', '')}, as read.csv"
    # Whole columns: before an empty chunk, Arrow 26 writes memory that is nobody's.
    table = pa.Table.from_pandas(rows, preserve_index=False).combine_chunks()
    for style in ("none", "needed"):  # without marks, it need not be asked what they mean
        options = pa_csv.WriteOptions(include_header=False, quoting_style=style)
        with path.open("wb") as file:
            file.write(f"{','.join(table.column_names)}\n".encode())
            try:
                pa_csv.write_csv(table, file, options)
            except pa.ArrowInvalid:  # a value holds a comma, a mark or the end of a line
                continue
        break
    return path
