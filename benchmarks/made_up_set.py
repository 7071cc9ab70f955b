"""A made-up data set in our own form, of any size, made a block of users at a time."""

from pathlib import Path
from typing import Annotated, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import typer
from made_up_ratings import SEED, SHARES, TEXT, distinct, ranks

from stages.contracts.calls import Asked
from stages.core.files import write_json
from stages.core.seeds import generator
from stages.core.tables import write_arrays, write_model

SPLIT = "temporal"
"""The split that is measured."""
BLOCK = 1 << 15
"""Users at a time."""
MORE = 1.15
"""Pairs drawn for one that is wanted, as some come twice."""
GENRES = ("Action", "Comedy", "Drama", "Horror", "Romance", "Thriller")
FIRST, LAST = 1_500_000_000, 1_700_000_000
"""Seconds between which everything is rated."""
COLUMNS = pa.schema(
    [
        ("user_id", pa.int32()),
        ("movie_id", pa.int32()),
        ("rating", pa.float32()),
        ("timestamp", pa.int64()),
    ]
)


class Shape(NamedTuple):
    """Of a set; each: ratings of a user, on average."""

    users: int
    items: int
    each: int


def make_set(folder: Path, shape: Shape) -> int:
    """Write the set; how many ratings it has."""
    folder.mkdir(parents=True, exist_ok=True)
    about = {"name": folder.name, "scale": [1.0, 5.0], "positive_at": 4.0, "simulated": True}
    write_json(folder / "dataset.json", about)
    items = range(1, shape.items + 1)
    rows = (
        f"{item},Item {item},{1950 + item % 70},{GENRES[item % 6]}|{GENRES[item % 5]}"
        for item in items
    )
    head = "movie_id,title,year,genres"
    (folder / "movies.csv").write_text("\n".join([head, *rows, ""]), encoding="utf-8")
    draw, count = generator(SEED, "set"), 0
    ids, names = 1 + draw.permutation(shape.users), 1 + draw.permutation(shape.items)
    mean = np.log(shape.each) - 0.5
    with pq.ParquetWriter(folder / "ratings.parquet", COLUMNS, compression="zstd") as writer:
        for first in range(0, shape.users, BLOCK):
            users = ids[first : first + BLOCK]
            wanted = np.maximum(draw.lognormal(mean, 1.0, len(users)), 5) * MORE
            many = np.minimum(wanted, shape.items // 2).astype(np.int64)
            user = np.repeat(np.arange(len(users)), many)
            pairs = distinct(user * shape.items + ranks(draw.random(len(user)), shape.items))
            user, item = np.divmod(draw.permutation(pairs), shape.items)
            drawn = draw.random(len(pairs), dtype=np.float32)
            rating = 1 + np.searchsorted(np.cumsum(SHARES)[:-1], drawn, side="right")
            time = draw.integers(FIRST, LAST, len(pairs))
            columns = (users[user], names[item], rating, time)
            kinds = (field.type.to_pandas_dtype() for field in COLUMNS)
            arrays = [column.astype(kind) for column, kind in zip(columns, kinds, strict=True)]
            writer.write_table(pa.table(arrays, schema=COLUMNS))
            count += len(pairs)
    return count


def write_stand_ins(artifacts: Path, items: int) -> None:
    """Random vectors of the items, and that nothing was asked about users."""
    drawn = generator(SEED, "text").standard_normal((items, TEXT), dtype=np.float32)
    vectors = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
    write_arrays(artifacts / "embed/items/unified.safetensors", {"vectors": vectors})
    write_model(artifacts / f"profile/{SPLIT}/users.asked.json", Asked(calls=()))


def main(
    what: Annotated[str, typer.Argument(help="`data` or `stand-ins`.")],
    path: Path,
    users: int,
    items: int,
    each: int,
) -> None:
    """Make one of the two; of data, prints how many ratings there are."""
    if what == "data":
        print(make_set(path, Shape(users, items, each)))
    else:
        write_stand_ins(path, items)


if __name__ == "__main__":
    typer.run(main)
