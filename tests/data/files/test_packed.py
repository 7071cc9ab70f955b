"""Packed files: which file inside is read, and the sentence for half an archive and for a bomb."""

import bz2
import gzip
import io
import lzma
import os
import re
import stat
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from stages.core.errors import InputError
from stages.data.files.limits import steady
from stages.data.files.own_sheet import read_own_sheet

TABLE = b"user,item\n" + b"".join(b"u%d,a%d\n" % (n, n * n) for n in range(200))


def refusal(path: Path) -> str:
    with pytest.raises(InputError) as refused:
        read_own_sheet(path)
    assert str(path) in str(refused.value)
    return str(refused.value)


def zip_of(path: Path, **files: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(f"{name}.csv", content)
    return path


PACKED = {
    "gzip": gzip.compress(TABLE),
    "bzip2": bz2.compress(TABLE),
    "xz": lzma.compress(TABLE),
    "zstd": pa.compress(TABLE, codec="zstd", asbytes=True),
}


@pytest.mark.parametrize("name", PACKED)
@pytest.mark.parametrize("cut", [0.5, 0.9, 0.999])
def test_half_an_archive_is_called_that(tmp_path: Path, name: str, cut: float) -> None:
    path = tmp_path / "r.csv"
    path.write_bytes(PACKED[name][: int(len(PACKED[name]) * cut)])
    assert f"is a broken or incomplete {name} file" in refusal(path)


@pytest.mark.parametrize("name", [name for name in PACKED if name != "zstd"])
def test_a_byte_that_changed_is_noticed(tmp_path: Path, name: str) -> None:
    content = bytearray(PACKED[name])
    content[len(content) // 2] ^= 0x55
    path = tmp_path / "r.csv"
    path.write_bytes(content)
    assert f"is a broken or incomplete {name} file" in refusal(path)


def test_half_a_zip_is_called_that(tmp_path: Path) -> None:
    path = zip_of(tmp_path / "r.zip", ratings=TABLE)
    path.write_bytes(path.read_bytes()[:-30])
    assert "is a broken or incomplete zip file" in refusal(path)


def test_what_a_file_was_packed_in_is_said(tmp_path: Path) -> None:
    path = tmp_path / "ratings.csv"
    path.write_bytes(gzip.compress(TABLE))
    assert read_own_sheet(path).form == "gzip, UTF-8, separated by commas"


def test_of_several_files_one_is_named(tmp_path: Path) -> None:
    path = zip_of(tmp_path / "r.zip", ratings=TABLE, items=b"item,title\na,A\n")
    message = refusal(path)
    assert "a zip archive of 2 files (ratings.csv, items.csv)" in message
    advised = re.search(r"as in (\S+)$", message)
    assert advised
    assert len(read_own_sheet(Path(advised[1])).rows) == 200
    assert read_own_sheet(path / "items.csv").columns == ["item", "title"]
    assert "name the one to read" in refusal(path / "users.csv")


def test_a_file_in_a_file_that_is_no_archive(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_bytes(TABLE)
    with pytest.raises(InputError, match=r"r\.csv is not a zip archive, so there is no .*x\.csv"):
        read_own_sheet(path / "x.csv")


def test_a_locked_zip(tmp_path: Path) -> None:
    path = zip_of(tmp_path / "r.zip", ratings=TABLE)
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    assert "is locked with a password" in refusal(path)


def test_an_empty_zip(tmp_path: Path) -> None:
    assert "is an empty zip archive" in refusal(zip_of(tmp_path / "r.zip"))


@pytest.mark.parametrize("layers", [3, 4])
def test_layers_end(tmp_path: Path, layers: int) -> None:
    content = TABLE
    for _ in range(layers):
        content = gzip.compress(content)
    path = tmp_path / "r.gz"
    path.write_bytes(content)
    if layers == 3:
        assert len(read_own_sheet(path).rows) == 200
    else:
        assert "is packed more than 3 times" in refusal(path)


def zeros(count: int) -> bytes:
    return b"user,item\n" + b"0" * count


def gzip_bomb() -> bytes:
    """A megabyte of it would be a gigabyte; it begins with what hardly packs."""
    noise = gzip.compress(np.random.default_rng(0).bytes(50_000))
    return noise + gzip.compress(zeros(8 << 20)) * 200


def parquet_bomb() -> bytes:
    memory = io.BytesIO()
    table = pa.table({"user": pa.nulls(80_000_000, pa.int8())})
    pa.parquet.write_table(table, memory)
    return memory.getvalue()


def parquet_of_one_text() -> bytes:
    memory = io.BytesIO()
    pd.DataFrame({"user": ["u" * 50_000] * 4_000}).to_parquet(memory)
    return memory.getvalue()


@pytest.mark.parametrize(
    "bomb",
    [
        gzip_bomb,
        lambda: bz2.compress(zeros(80 << 20)),
        lambda: lzma.compress(zeros(80 << 20), preset=0),
        lambda: pa.compress(zeros(80 << 20), codec="zstd", asbytes=True),
        lambda: gzip.compress(gzip.compress(zeros(80 << 20))),
        parquet_bomb,
        parquet_of_one_text,
    ],
    ids=["gzip", "bzip2", "xz", "zstd", "gzip twice", "Parquet", "Parquet of one text"],
)
def test_a_bomb_ends_in_a_sentence_after_little_memory(
    tmp_path: Path, bomb: Callable[[], bytes]
) -> None:
    path = tmp_path / "r.csv"
    path.write_bytes(bomb())
    tracemalloc.start()
    try:
        message = refusal(path)
        assert tracemalloc.get_traced_memory()[1] < 160 << 20
    finally:
        tracemalloc.stop()
    assert "unpacks to more than 200 times its size" in message


def test_a_zip_bomb_is_not_unpacked_at_all(tmp_path: Path) -> None:
    path = zip_of(tmp_path / "r.zip", ratings=zeros(80 << 20))
    tracemalloc.start()
    try:
        assert "unpacks to more than 200 times its size" in refusal(path)
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()


def test_a_file_that_changes_while_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_bytes(TABLE)
    with pytest.raises(InputError, match="changed while it was read; wait until"), steady(path):
        path.write_bytes(TABLE + b"u,")


def test_a_folder_is_called_that(tmp_path: Path) -> None:
    assert "is a folder; give a file in it" in refusal(tmp_path)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    assert stat.S_ISFIFO(path.stat().st_mode)
    assert "is not a file but a pipe or device" in refusal(path)
    assert "is not a file but a pipe or device" in refusal(Path("/dev/zero"))


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_bytes(TABLE)
    path.chmod(0)
    with pytest.raises(PermissionError):
        read_own_sheet(path)


@pytest.mark.parametrize("content", [b"", b"\n \n", b"\xef\xbb\xbf", gzip.compress(b"", mtime=0)])
def test_an_empty_file(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "r.csv"
    path.write_bytes(content)
    assert "is empty; give a file with data" in refusal(path)


@pytest.mark.parametrize(
    "name", [b"r\n.csv", b"r\xff.csv", b"r\x1b[2J.csv", "r\u202e.csv".encode()]
)
def test_a_name_that_cannot_be_shown_is_refused(tmp_path: Path, name: bytes) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name))
    path.write_bytes(TABLE)
    with pytest.raises(InputError, match="a character in its name that cannot be shown") as refused:
        read_own_sheet(path)
    assert str(refused.value).isprintable()


def test_a_file_in_the_archives_own_folder_is_no_leftover(tmp_path: Path) -> None:
    path = tmp_path / "r.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("./r.csv", TABLE)
    assert len(read_own_sheet(path).rows) == 200


def test_a_zip_whose_directory_is_damaged_is_called_that(tmp_path: Path) -> None:
    """A name of no characters makes Python's reader fail where it looks for a folder."""
    content = bytearray(zip_of(tmp_path / "r.zip", ratings=TABLE).read_bytes())
    directory = content.rindex(b"PK\x01\x02")
    content[directory + 46] = 0
    path = tmp_path / "r.zip"
    path.write_bytes(content)
    assert "broken or incomplete zip" in refusal(path)
