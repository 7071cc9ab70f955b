"""Files that are no table of text are called by their names, with what to do."""

import gzip
import io
import pickle
import sqlite3
import tarfile
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.feather
import pytest

from stages.core.errors import InputError
from stages.data.files.own_sheet import read_own_sheet

FRAME = pd.DataFrame({"user": ["u1"], "item": ["a"], "rating": [5]})


def zip_with(name: str) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(name, "<x/>")
    return memory.getvalue()


def database() -> bytes:
    connection = sqlite3.connect(":memory:")
    connection.execute("create table ratings (user, item)")
    return connection.serialize()


def arrays() -> bytes:
    memory = io.BytesIO()
    np.savez(memory, users=np.arange(3))
    return memory.getvalue()


def array() -> bytes:
    memory = io.BytesIO()
    np.save(memory, np.arange(3))
    return memory.getvalue()


def feather() -> bytes:
    memory = io.BytesIO()
    pyarrow.feather.write_feather(FRAME, memory)
    return memory.getvalue()


def tar() -> bytes:
    memory = io.BytesIO()
    with tarfile.open(fileobj=memory, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("ratings.csv"), io.BytesIO())
    return memory.getvalue()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (zip_with("xl/workbook.xml"), "an Excel workbook; save the sheet as CSV"),
        (zip_with("word/document.xml"), "a Word document"),
        (zip_with("content.xml"), "an OpenDocument file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99), "an old Excel workbook"),
        (b"%PDF-1.7\n", "a PDF document"),
        (database(), "an SQLite database; export the table"),
        (pickle.dumps(FRAME), "a pickle, which may run any program"),
        (pickle.dumps(FRAME, protocol=2), "a pickle, which may run any program"),
        (arrays(), "NumPy's archive of arrays"),
        (array(), "a NumPy array"),
        (feather(), "an Arrow (Feather) file"),
        (tar(), "a tar archive; unpack it with tar"),
        (gzip.compress(tar(), mtime=0), "a tar archive; unpack it with tar"),
        (b"\n<!DOCTYPE html>\n<html><form>Sign in</form></html>", "a web page and not data"),
        (b"\xef\xbb\xbf<HTML lang=en>", "a web page and not data"),
        (b'<?xml version="1.0"?><ratings/>', "an XML file"),
        (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:00\n", "a pointer of Git LFS"),
    ],
)
def test_a_file_is_called_by_its_name(tmp_path: Path, content: bytes, name: str) -> None:
    path = tmp_path / "ratings.csv"
    path.write_bytes(content)
    with pytest.raises(InputError) as refused:
        read_own_sheet(path)
    assert str(refused.value).startswith(f"{path} is {name}")
