"""Parquet: what each type of value becomes, and faults."""

import datetime
import decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stages.core.errors import InputError
from stages.data.files.own_sheet import read_own_sheet

NOON = datetime.datetime(2023, 11, 14, 12, tzinfo=datetime.UTC)


def written(folder: Path, table: pa.Table) -> Path:
    pq.write_table(table, folder / "r.parquet")
    return folder / "r.parquet"


@pytest.mark.parametrize(
    ("values", "read"),
    [
        (pa.array([7, None]), ["7", ""]),
        (
            pa.array([4.0, 4.5, float("nan"), None, 1700000000.0]),
            ["4", "4.5", "", "", "1700000000"],
        ),
        (pa.array([0.1], pa.float32()), ["0.1"]),
        (pa.array([True, None]), ["true", ""]),
        (pa.array(["007", None]).dictionary_encode(), ["007", ""]),
        (pa.array([decimal.Decimal("4.50")]), ["4.50"]),
        (pa.array([datetime.date(2023, 11, 14)]), ["2023-11-14"]),
        (pa.array([NOON]), ["2023-11-14 12:00:00.000000Z"]),
        (pa.array([["War", "Drama"], [], None]), ['["War", "Drama"]', "[]", ""]),
        (pa.array([{"name": "Öl", "n": 1}]), ['{"name": "Öl", "n": 1}']),
        (pa.array([b"abc"]), ["abc"]),
        (pa.nulls(2), ["", ""]),
    ],
)
def test_a_value_becomes_what_a_csv_would_hold(
    tmp_path: Path, values: pa.Array, read: list[str]
) -> None:
    sheet = read_own_sheet(written(tmp_path, pa.table({"x": values})))
    assert sheet.rows["x"].tolist() == read
    assert (sheet.form, sheet.where(0)) == ("Parquet", "row 1")


@pytest.mark.parametrize("cut", [0.3, 0.9])
def test_half_a_file(tmp_path: Path, cut: float) -> None:
    path = written(tmp_path, pa.table({"x": range(1000)}))
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * cut)])
    with pytest.raises(InputError, match="is a broken or incomplete Parquet file"):
        read_own_sheet(path)


def test_no_rows(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="has no rows"):
        read_own_sheet(written(tmp_path, pa.table({"x": pa.array([], pa.string())})))


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"broken or incomplete Parquet file .*UTF8"):
        read_own_sheet(written(tmp_path, pa.table({"x": pa.array([b"\xff"])})))
