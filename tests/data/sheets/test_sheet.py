"""Delimited files: what is read, and the line that a fault names."""

import csv
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.core.errors import InputError
from stages.data.files.own_sheet import read_own_sheet
from stages.data.sheets.dialect import Dialect
from stages.data.sheets.sheet import read_sheet

PLAIN = st.text(
    st.characters(codec="utf-8", exclude_characters="\r\0", exclude_categories=["Cs"]), max_size=8
)


def write(folder: Path, content: str | bytes) -> Path:
    path = folder / "file.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_every_value_stays_a_string(tmp_path: Path) -> None:
    rows = read_sheet(write(tmp_path, "a,b,c\n007,NA,\n1e5,null,x\n")).rows
    assert rows.to_dict("list") == {"a": ["007", "1e5"], "b": ["NA", "null"], "c": ["", "x"]}


def test_a_byte_order_mark_is_not_part_of_the_name(tmp_path: Path) -> None:
    assert read_sheet(write(tmp_path, "\ufeffa,b\n1,2\n")).columns == ["a", "b"]


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_line_ends_of_any_system(tmp_path: Path, ends: str) -> None:
    assert read_sheet(write(tmp_path, ends.join(["a,b", "1,2", "3,4", ""]))).rows["b"].tolist() == [
        "2",
        "4",
    ]


def test_a_separator_of_two_characters(tmp_path: Path) -> None:
    dialect = Dialect("::", ("a", "b"), "latin-1", quoted=False)
    rows = read_sheet(write(tmp_path, 'x:y::caf\xe9 "q"\n'.encode("latin-1")), dialect).rows
    assert rows.to_dict("list") == {"a": ["x:y"], "b": ['caf\xe9 "q"']}


@given(rows=st.lists(st.tuples(PLAIN, PLAIN), min_size=1, max_size=6))
def test_what_the_csv_module_writes_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]
) -> None:
    path = tmp_path_factory.mktemp("sheet") / "file.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows([("a", "b"), *rows])
    assert list(read_sheet(path).rows.itertuples(index=False, name=None)) == rows


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("", "is empty"),
        (" \n \n", "is empty"),
        ("a,b\n", "has no rows"),
        ("a,b,a\n1,2,3\n", "line 1: the column 'a' appears twice"),
        ("a,b\n1,2\n3\n", "line 3: 1 values where 2 are expected"),
        ("a,b\n1,2\n\n1,2,3\n", "line 4: 3 values where 2 are expected"),
        ('a,b\n"x\ny",2\n3\n', "line 4: 1 values where 2 are expected"),
        ('a,b\n1,"open\n2,3\n4,5\n', "line 2: unexpected end of data; close the quotation mark"),
        (b"a,b\n1,2\n3,caf\xe9\n", "line 3: byte 13 is not UTF-8; convert the file to UTF-8"),
        ("a,b\n1,2\n".encode("utf-16"), "line 1: byte 0 is not UTF-8"),
    ],
)
def test_a_fault_names_its_line(tmp_path: Path, content: str | bytes, fault: str) -> None:
    with pytest.raises(InputError, match=fault):
        read_sheet(write(tmp_path, content))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.csv is not there"):
        read_sheet(tmp_path / "none.csv")


@pytest.mark.parametrize(("row", "line"), [(0, 2), (1, 5), (2, 7)])
def test_the_line_of_a_row_counts_blank_lines_and_breaks_in_quotes(
    tmp_path: Path, row: int, line: int
) -> None:
    sheet = read_sheet(write(tmp_path, 'a,b\n1,"x\ny"\n\n2,z\n\n3,w\n'))
    assert sheet.line(row) == line


def test_arrows_threads_hold_nothing_of_python(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thread that frees a Python object while Python exits aborts the process.

    Text in Arrow's own memory is counted there; bytes or a file of Python's would not be.
    """
    given: list[tuple[bool, int]] = []
    read_csv = pa_csv.read_csv
    path = write(tmp_path, "a\tb\n" + "1\t2\n" * 10_000)
    before = pa.total_allocated_bytes()

    def spy(source: object, *options: object) -> pa.Table:
        given.append((isinstance(source, pa.BufferReader), pa.total_allocated_bytes() - before))
        return read_csv(source, *options)

    monkeypatch.setattr(pa_csv, "read_csv", spy)
    assert len(read_own_sheet(path).rows) == 10_000
    ((is_memory, allocated),) = given
    assert is_memory
    assert allocated >= path.stat().st_size


def test_marks_of_two_rows_do_not_pair_up(tmp_path: Path) -> None:
    path = write(tmp_path, 'a,b\n1,"x\n2,y\n3,"z\n')
    with pytest.raises(InputError, match=r"line 2: .*write each mark inside it twice"):
        read_sheet(path)
