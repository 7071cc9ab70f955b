"""A file appears whole or not at all, and reads back as it was written."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from stages.contracts.rows import ENRICHED, RATINGS
from stages.core import files, tables
from stages.core.errors import DamagedError, InputError, MissingError, one_sentence


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
        files.write_whole(file, half)
    assert [path.name for path in tmp_path.iterdir()] == ["kept.json"]
    assert file.read_text() == "old"


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EDQUOT])
def test_what_the_file_system_refuses_is_one_sentence_with_the_path(
    tmp_path: Path, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    def refused(partial: Path) -> None:
        raise OSError(code, os.strerror(code), str(partial) if code == errno.EACCES else None)

    with pytest.raises(SystemExit):
        one_sentence(files.write_whole)(tmp_path / "out.json", refused)
    assert capsys.readouterr().err.startswith(
        f"error: cannot use {tmp_path / 'out.json'}: {os.strerror(code)}; check"
    )


def test_a_folder_that_cannot_be_made_is_one_sentence_with_the_path(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SystemExit):
        one_sentence(files.write_text)(tmp_path / "file" / "out.txt", "x")
    assert capsys.readouterr().err.startswith(
        f"error: cannot use {tmp_path / 'file' / 'out.txt'}: "
    )


def test_a_link_stays_a_link_and_its_target_is_written(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    link, target = tmp_path / "link.txt", tmp_path / "there" / "target.txt"
    target.write_text("old")
    link.symlink_to(target)
    files.write_text(link, "new")
    assert link.is_symlink()
    assert target.read_text() == "new"
    assert [path.name for path in target.parent.iterdir()] == ["target.txt"]


def test_a_link_to_a_file_that_is_not_there_yet_makes_it(tmp_path: Path) -> None:
    (tmp_path / "link.txt").symlink_to(tmp_path / "later.txt")
    files.write_text(tmp_path / "link.txt", "new")
    assert (tmp_path / "later.txt").read_text() == "new"


def test_the_null_device_swallows_and_stays(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(os.devnull)
    files.write_text(Path(os.devnull), "gone")
    files.write_json(tmp_path / "link", {"gone": 1})
    assert Path(os.devnull).is_char_device()


def test_nothing_but_a_file_is_replaced(tmp_path: Path) -> None:
    pipe, folder, device = tmp_path / "pipe", tmp_path / "folder", Path("/dev/zero")
    os.mkfifo(pipe)
    folder.mkdir()
    for target in (pipe, folder, device):
        with pytest.raises(InputError, match=f"{target} is not a regular file"):
            files.write_text(target, "x")
    assert (pipe.is_fifo(), folder.is_dir(), device.is_char_device()) == (True, True, True)


def test_an_unfinished_file_is_never_seen_under_its_name(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "new.txt"

    def write(partial: Path) -> None:
        partial.write_text("new")
        assert partial.parent == file.parent
        assert not file.exists()

    files.write_whole(file, write)
    assert file.read_text() == "new"


def test_rows_that_cannot_be_written_leave_no_table(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"user_row": ["not a row"], "item_row": [1], "rating": [1.0], "timestamp": [0], "nth": [0]}
    )
    with pytest.raises((ValueError, TypeError)):
        tables.write_table(tmp_path / "ratings.parquet", frame, RATINGS)
    assert list(tmp_path.iterdir()) == []


def test_a_table_reads_back_with_the_columns_of_its_schema_alone(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "nth": [3],
            "timestamp": [9],
            "rating": [4.5],
            "item_row": [2],
            "user_row": [1],
            "x": ["x"],
        }
    )
    tables.write_table(tmp_path / "r.parquet", frame, RATINGS)
    back = tables.read_table(tmp_path / "r.parquet", RATINGS)
    assert back.to_dict("records") == [
        {"user_row": 1, "item_row": 2, "rating": 4.5, "timestamp": 9, "nth": 3}
    ]
    assert back.dtypes.astype(str).tolist() == ["int32", "int32", "float32", "int64", "int32"]


def test_empty_fields_and_lists_come_back(tmp_path: Path) -> None:
    known = {
        "item_row": 0,
        "item_id": "a",
        "title": "Été",
        "year": 1990,
        "genres": ["War"],
        "tmdb_id": "007",
    }
    row = dict.fromkeys(ENRICHED.names) | {"keywords": []} | known
    tables.write_table(tmp_path / "m.parquet", pd.DataFrame([row]), ENRICHED)
    assert tables.read_arrow(tmp_path / "m.parquet", ENRICHED).to_pylist() == [row]


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    frame = ratings()[:1]
    tables.write_table(tmp_path / "a", frame, RATINGS)
    tables.write_table(tmp_path / "b", frame.set_index(pd.Index([5])), RATINGS)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_json_is_sorted_and_reads_back(tmp_path: Path) -> None:
    files.write_json(tmp_path / "x.json", {"b": [1.5, None], "a": "é"})
    assert (
        tmp_path / "x.json"
    ).read_bytes() == '{\n "a": "é",\n "b": [\n  1.5,\n  null\n ]\n}\n'.encode()
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
    tables.write_jsonl(
        tmp_path / "l.jsonl", [Line(item_id=i, n=n) for n, i in enumerate(["11", '1"', "1,", "1"])]
    )
    found = tables.read_jsonl_where(tmp_path / "l.jsonl", Line, "item_id", "1")
    assert found is not None
    assert found.n == 3


def test_a_line_is_not_found_by_another_field_or_a_prefix(tmp_path: Path) -> None:
    tables.write_jsonl(tmp_path / "l.jsonl", [Line(item_id="11", n=1)])
    assert tables.read_jsonl_where(tmp_path / "l.jsonl", Line, "item_id", "1") is None
    assert tables.read_jsonl_where(tmp_path / "l.jsonl", Line, "n", "1") is None


@given(st.lists(st.text(), unique=True, min_size=1))
def test_any_id_finds_its_own_line(
    tmp_path_factory: pytest.TempPathFactory, ids: list[str]
) -> None:
    file = tmp_path_factory.mktemp("any") / "l.jsonl"
    tables.write_jsonl(file, [Line(item_id=i, n=n) for n, i in enumerate(ids)])
    found = [tables.read_jsonl_where(file, Line, "item_id", i) for i in ids]
    assert [line and line.n for line in found] == list(range(len(ids)))


def test_a_missing_file_is_named_with_the_command_that_makes_it(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match=r"gone\.json is not there yet; run `e2ep run`"):
        tables.read_json(tmp_path / "gone.json")


Read = Callable[[Path], Any]
READERS: dict[str, tuple[Callable[[Path], None], Read]] = {
    "parquet": (
        lambda path: tables.write_table(path, ratings(), RATINGS),
        lambda path: tables.read_table(path, RATINGS),
    ),
    "jsonl": (
        lambda path: tables.write_jsonl(path, [Line(item_id=str(n), n=n) for n in range(50)]),
        lambda path: list(tables.read_jsonl(path, Line)),
    ),
    "one line": (
        lambda path: tables.write_jsonl(path, [Line(item_id=str(n), n=n) for n in range(50)]),
        lambda path: tables.read_jsonl_where(path, Line, "item_id", "none of them"),
    ),
    "json": (lambda path: files.write_json(path, {"a": [1, 2]}), tables.read_json),
    "model": (
        lambda path: tables.write_model(path, Line(item_id="a", n=1)),
        lambda path: tables.read_model(path, Line),
    ),
    "safetensors": (
        lambda path: tables.write_arrays(path, {"a": np.ones((4, 4))}),
        tables.read_arrays,
    ),
}


def ratings() -> pd.DataFrame:
    rows = range(2000)
    return pd.DataFrame(
        {
            "user_row": rows,
            "item_row": rows,
            "rating": [float(n % 5) for n in rows],
            "timestamp": rows,
            "nth": 0,
        }
    )


@pytest.fixture(params=READERS)
def written(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, Read]:
    write, read = READERS[request.param]
    write(tmp_path / "artifact")
    return tmp_path / "artifact", read


@pytest.mark.parametrize("junk", [b"junk", b"\xff\xfe\x00", b"\x00" * 100, b"[" * 100_000])
def test_junk_is_named_with_the_command_that_makes_it_again(
    written: tuple[Path, Read], junk: bytes
) -> None:
    path, read = written
    path.write_bytes(junk)
    with pytest.raises(DamagedError, match=rf"^{path}(, line 1,)? is damaged; run `"):
        read(path)


def test_a_cut_file_is_damaged_wherever_it_was_cut(written: tuple[Path, Read]) -> None:
    path, read = written
    whole = path.read_bytes()
    for kept in (len(whole) // 3, len(whole) // 2, len(whole) - 3):
        path.write_bytes(whole[:kept])
        with pytest.raises(DamagedError):
            read(path)


def test_bytes_turned_at_random_are_read_or_damaged_and_nothing_else(
    written: tuple[Path, Read],
) -> None:
    path, read = written
    whole, draw = path.read_bytes(), np.random.default_rng(7)
    found = 0
    for place in draw.integers(len(whole), size=150):
        path.write_bytes(
            whole[:place] + bytes([whole[place] ^ int(draw.integers(1, 256))]) + whole[place + 1 :]
        )
        try:
            read(path)
        except DamagedError:
            found += 1
    assert found > 0


def test_the_damaged_line_is_named(tmp_path: Path) -> None:
    tables.write_jsonl(tmp_path / "l.jsonl", [Line(item_id=str(n), n=n) for n in range(3)])
    with (tmp_path / "l.jsonl").open("a") as lines:
        lines.write('{"item_id": "3"\n')
    for read in (lambda path: list(tables.read_jsonl(path, Line)), lambda path: find(path, "3")):
        with pytest.raises(DamagedError, match=r"l\.jsonl, line 4, is damaged"):
            read(tmp_path / "l.jsonl")
    assert find(tmp_path / "l.jsonl", "2") == Line(item_id="2", n=2)


def find(path: Path, item: str) -> Line | None:
    return tables.read_jsonl_where(path, Line, "item_id", item)


def test_a_table_without_a_column_is_damaged(tmp_path: Path) -> None:
    tables.write_table(
        tmp_path / "r.parquet", ratings()[["user_row"]], pa.schema([("user_row", pa.int32())])
    )
    with pytest.raises(DamagedError):
        tables.read_table(tmp_path / "r.parquet", RATINGS)


def test_a_file_that_may_not_be_read_is_not_called_damaged(tmp_path: Path) -> None:
    (tmp_path / "folder.json").mkdir()
    with pytest.raises(IsADirectoryError):
        tables.read_json(tmp_path / "folder.json")
