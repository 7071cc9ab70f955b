"""A file appears whole or not at all, and reads back as it was written."""

import errno
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from stages.core import tables
from stages.core.errors import MissingError
from stages.core.schema import ENRICHED, RATINGS


class Line(BaseModel):
    """A row with an id in front."""

    item_id: str
    n: int


def test_a_write_that_fails_half_way_leaves_the_old_file_alone(tmp_path: Path) -> None:
    file = tmp_path / "kept.json"
    file.write_text("old")

    def half(partial: Path) -> None:
        partial.write_text("ha")
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        tables.write_whole(file, half)
    assert [path.name for path in tmp_path.iterdir()] == ["kept.json"]
    assert file.read_text() == "old"


def test_an_unfinished_file_is_never_seen_under_its_name(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "new.txt"

    def write(partial: Path) -> None:
        partial.write_text("new")
        assert partial.parent == file.parent
        assert not file.exists()

    tables.write_whole(file, write)
    assert file.read_text() == "new"


def test_rows_that_cannot_be_written_leave_no_table(tmp_path: Path) -> None:
    frame = pd.DataFrame({"user_row": ["not a row"], "item_row": [1], "rating": [1.0], "timestamp": [0]})
    with pytest.raises((ValueError, TypeError)):
        tables.write_table(tmp_path / "ratings.parquet", frame, RATINGS)
    assert list(tmp_path.iterdir()) == []


def test_a_table_reads_back_with_the_columns_of_its_schema_alone(tmp_path: Path) -> None:
    frame = pd.DataFrame({"timestamp": [9], "rating": [4.5], "item_row": [2], "user_row": [1], "more": ["x"]})
    tables.write_table(tmp_path / "r.parquet", frame, RATINGS)
    back = tables.read_table(tmp_path / "r.parquet", RATINGS)
    assert back.to_dict("records") == [{"user_row": 1, "item_row": 2, "rating": 4.5, "timestamp": 9}]
    assert back.dtypes.astype(str).tolist() == ["int32", "int32", "float32", "int64"]


def test_empty_fields_and_lists_come_back(tmp_path: Path) -> None:
    known = {"item_row": 0, "item_id": "a", "title": "Été", "year": 1990, "genres": ["War"], "tmdb_id": "007"}
    row = dict.fromkeys(ENRICHED.names) | {"keywords": []} | known
    tables.write_table(tmp_path / "m.parquet", pd.DataFrame([row]), ENRICHED)
    assert tables.read_arrow(tmp_path / "m.parquet", ENRICHED).to_pylist() == [row]


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    frame = pd.DataFrame({"user_row": [1], "item_row": [2], "rating": [4.0], "timestamp": [9]})
    tables.write_table(tmp_path / "a", frame, RATINGS)
    tables.write_table(tmp_path / "b", frame.set_index(pd.Index([5])), RATINGS)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_json_is_sorted_and_reads_back(tmp_path: Path) -> None:
    tables.write_json(tmp_path / "x.json", {"b": [1.5, None], "a": "é"})
    assert (tmp_path / "x.json").read_bytes() == '{\n "a": "é",\n "b": [\n  1.5,\n  null\n ]\n}\n'.encode()
    assert tables.read_json(tmp_path / "x.json") == {"a": "é", "b": [1.5, None]}


def test_arrays_read_back_with_type_and_shape(tmp_path: Path) -> None:
    array = np.arange(6, dtype=np.float32).reshape(2, 3)
    tables.write_arrays(tmp_path / "w", {"turned": array.T})
    back = tables.read_arrays(tmp_path / "w")["turned"]
    assert (back.dtype, back.tolist()) == (np.float32, array.T.tolist())


def test_lines_read_back_in_order(tmp_path: Path) -> None:
    rows = [Line(item_id="two\nlines", n=1), Line(item_id="\u2028", n=2)]
    tables.write_jsonl(tmp_path / "l.jsonl", rows)
    assert list(tables.read_jsonl(tmp_path / "l.jsonl", Line)) == rows


def test_a_line_is_found_by_its_whole_id(tmp_path: Path) -> None:
    tables.write_jsonl(tmp_path / "l.jsonl", [Line(item_id=i, n=n) for n, i in enumerate(["11", '1"', "1,", "1"])])
    found = tables.read_jsonl_where(tmp_path / "l.jsonl", Line, "item_id", "1")
    assert found is not None
    assert found.n == 3


def test_a_line_is_not_found_by_another_field_or_a_prefix(tmp_path: Path) -> None:
    tables.write_jsonl(tmp_path / "l.jsonl", [Line(item_id="11", n=1)])
    assert tables.read_jsonl_where(tmp_path / "l.jsonl", Line, "item_id", "1") is None
    assert tables.read_jsonl_where(tmp_path / "l.jsonl", Line, "n", "1") is None


@given(st.lists(st.text(), unique=True, min_size=1))
def test_any_id_finds_its_own_line(tmp_path_factory: pytest.TempPathFactory, ids: list[str]) -> None:
    file = tmp_path_factory.mktemp("any") / "l.jsonl"
    tables.write_jsonl(file, [Line(item_id=i, n=n) for n, i in enumerate(ids)])
    found = [tables.read_jsonl_where(file, Line, "item_id", i) for i in ids]
    assert [line and line.n for line in found] == list(range(len(ids)))


def test_a_missing_file_is_named_with_the_command_that_makes_it(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match=r"gone\.json is not there yet; run `e2ep run`"):
        tables.read_json(tmp_path / "gone.json")
