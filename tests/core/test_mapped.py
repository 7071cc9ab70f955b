"""Tables in temporary files: what is written is read back, whatever the blocks."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stages.core import mapped
from stages.core.errors import DamagedError
from stages.core.mapped import (
    MappedColumns,
    numeric_columns,
    read_mapped,
    row_count,
    slices,
    write_frame,
)
from stages.core.tables import read_table

SCHEMA = pa.schema([("row", pa.int32()), ("share", pa.float32()), ("time", pa.int64())])


def made(rows: int) -> pd.DataFrame:
    draw = np.random.default_rng(rows)
    columns = {"row": draw.integers(0, 9, rows), "share": draw.random(rows)}
    return pd.DataFrame(columns | {"time": draw.integers(0, 1 << 40, rows)})


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seven rows are many, and three a block."""
    monkeypatch.setattr(mapped, "LARGE", 7)
    monkeypatch.setattr(mapped, "BLOCK", 3)
    monkeypatch.setattr(slices, "__defaults__", (3,))


def test_columns_grow_block_by_block() -> None:
    columns = MappedColumns({"row": np.int32})
    for first in (0, 4, 4):
        columns.append({"row": np.arange(first, first + 4)})
    found = columns.arrays()["row"]
    assert found.tolist() == [*range(4), *range(4, 8), *range(4, 8)]
    assert found.dtype == np.int32
    assert columns.rows == 12


def test_no_rows_are_an_empty_column() -> None:
    assert MappedColumns({"row": np.int64}).arrays()["row"].tolist() == []


@pytest.mark.parametrize(("rows", "parts"), [(0, []), (3, [(0, 3)]), (7, [(0, 3), (3, 6), (6, 7)])])
def test_blocks_cover_all_rows(rows: int, parts: list[tuple[int, int]]) -> None:
    assert [(block.start, block.stop) for block in slices(rows, 3)] == parts


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("rows", [0, 6, 7, 20])
def test_a_frame_is_written_in_row_groups_and_read_back(rows: int, tmp_path: Path) -> None:
    path, frame = tmp_path / "table.parquet", made(rows)
    write_frame(path, frame, SCHEMA)
    pd.testing.assert_frame_equal(read_table(path, SCHEMA), frame, check_dtype=False, rtol=1e-6)
    assert row_count(path) == rows
    sizes = [pq.ParquetFile(path).metadata.row_group(n).num_rows for n in range(rows // 7 and 3)]
    assert max(sizes, default=0) <= 3
    for name, column in zip(SCHEMA.names, numeric_columns(path, SCHEMA), strict=True):
        np.testing.assert_array_equal(column, read_table(path, SCHEMA)[name])


@pytest.mark.usefixtures("small")
def test_several_files_follow_one_another(tmp_path: Path) -> None:
    for rows in (8, 2):
        write_frame(tmp_path / f"{rows}.parquet", made(rows), SCHEMA)
    found = read_mapped([tmp_path / "8.parquet", tmp_path / "2.parquet"], SCHEMA)
    both = pd.concat([made(8), made(2)])
    assert found["time"].tolist() == both["time"].tolist()
    assert found["share"].dtype == np.float32


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "table.parquet"
    path.write_bytes(b"PAR1 and nothing else")
    with pytest.raises(DamagedError, match=r"table\.parquet is damaged"):
        read_mapped([path], SCHEMA)
