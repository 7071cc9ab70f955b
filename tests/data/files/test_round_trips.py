"""The same table, written in every form, is the same sheet."""

import bz2
import csv
import gzip
import io
import json
import lzma
import zipfile
from collections.abc import Callable

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stages.data.files.own_sheet import read_own_sheet

Rows = list[tuple[str, str]]
NAMES = ("user", "title")


def delimited(rows: Rows, separator: str = ",", ends: str = "\n") -> str:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, quoting=csv.QUOTE_ALL, lineterminator=ends)
    writer.writerows([NAMES, *rows])
    return text.getvalue()


def objects(rows: Rows) -> list[dict[str, str]]:
    return [dict(zip(NAMES, row, strict=True)) for row in rows]


def zipped(content: bytes) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("folder/", "")
        archive.writestr("folder/table.csv", content)
        archive.writestr("__MACOSX/folder/._table.csv", "of the system")
    return memory.getvalue()


def parquet(rows: Rows) -> bytes:
    memory = io.BytesIO()
    pd.DataFrame(rows, columns=NAMES, dtype="str").to_parquet(memory)
    return memory.getvalue()


FORMS: dict[str, Callable[[Rows], bytes]] = {
    "commas": lambda rows: delimited(rows).encode(),
    "semicolons": lambda rows: delimited(rows, ";").encode(),
    "tabs": lambda rows: delimited(rows, "\t").encode(),
    "bars": lambda rows: delimited(rows, "|").encode(),
    "lines that end in \\r\\n": lambda rows: delimited(rows, ends="\r\n").encode(),
    "lines that end in \\r": lambda rows: delimited(rows, ends="\r").encode(),
    "mark of UTF-8": lambda rows: delimited(rows).encode("utf-8-sig"),
    "UTF-16": lambda rows: delimited(rows, "\t").encode("utf-16"),
    "UTF-16, big-endian": lambda rows: b"\xfe\xff" + delimited(rows).encode("utf-16-be"),
    "UTF-32": lambda rows: delimited(rows).encode("utf-32"),
    "sep=": lambda rows: b"sep=;\r\n" + delimited(rows, ";", "\r\n").encode(),
    "blank lines": lambda rows: b"\n\n" + delimited(rows, ends="\n\n").encode(),
    "trailing separators": lambda rows: delimited(rows).replace('"\n', '",,\n').encode(),
    "gzip": lambda rows: gzip.compress(delimited(rows).encode()),
    "gzip in two parts": lambda rows: b"".join(
        gzip.compress(part) for part in delimited(rows).encode().partition(b"\n")
    ),
    "bzip2": lambda rows: bz2.compress(delimited(rows).encode()),
    "xz": lambda rows: lzma.compress(delimited(rows).encode()),
    "zstd": lambda rows: pa.compress(delimited(rows).encode(), codec="zstd", asbytes=True),
    "zip": lambda rows: zipped(delimited(rows).encode()),
    "JSON in gzip": lambda rows: gzip.compress(json.dumps(objects(rows)).encode()),
    "gzip in zip": lambda rows: zipped(gzip.compress(delimited(rows).encode())),
    "JSON lines": lambda rows: "\n".join(map(json.dumps, objects(rows))).encode(),
    "JSON lines, gzip": lambda rows: gzip.compress(
        "\n".join(map(json.dumps, objects(rows))).encode()
    ),
    "JSON array": lambda rows: json.dumps(objects(rows), ensure_ascii=False).encode(),
    "JSON array on many lines": lambda rows: json.dumps(objects(rows), indent=2).encode(),
    "Python's dictionaries": lambda rows: "\n".join(map(repr, objects(rows))).encode(),
    "Parquet": parquet,
    "Parquet in zip": lambda rows: zipped(parquet(rows)),
}
TEXT = st.text(
    st.characters(codec="utf-8", exclude_characters="\r\n\0", exclude_categories=["Cs"]), max_size=8
)


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=25)
@given(titles=st.lists(TEXT, min_size=1, max_size=5))
def test_every_form_gives_the_same_rows(
    tmp_path_factory: pytest.TempPathFactory, form: str, titles: list[str]
) -> None:
    rows = [(f"u{place}", title) for place, title in enumerate(titles)]
    path = tmp_path_factory.mktemp("form") / "any name"
    path.write_bytes(FORMS[form](rows))
    sheet = read_own_sheet(path)
    assert sheet.columns == list(NAMES)
    assert list(sheet.rows.itertuples(index=False, name=None)) == rows
    assert (np.diff(sheet.lines) > 0).all() or form in ("JSON array", "JSON in gzip")


DOTS = st.text(st.characters(codec="utf-8", categories=["L", "Nd"]), min_size=1, max_size=6)


@pytest.mark.parametrize(("separator", "name"), [("::", "::"), (" ", "blanks"), ("   ", "blanks")])
@settings(max_examples=25)
@given(titles=st.lists(DOTS, min_size=1, max_size=5))
def test_separators_that_no_library_takes(
    tmp_path_factory: pytest.TempPathFactory, separator: str, name: str, titles: list[str]
) -> None:
    rows = [NAMES, *((f"u{place}", title) for place, title in enumerate(titles))]
    path = tmp_path_factory.mktemp("form") / "own.dat"
    path.write_text("\n".join(map(separator.join, rows)), encoding="utf-8")
    sheet = read_own_sheet(path)
    assert [NAMES, *sheet.rows.itertuples(index=False, name=None)] == rows
    assert sheet.form == f"UTF-8, separated by {name}"
    assert sheet.lines.tolist() == list(range(2, len(rows) + 1))
