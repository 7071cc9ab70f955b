"""JSON with an object per row: one a line, as Amazon's reviews, or all in one array."""

import ast
import json
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from stages.core.errors import InputError
from stages.data.files.limits import refuse_many_columns
from stages.data.files.parquet import as_json
from stages.data.sheets.sheet import Sheet

_OBJECTS = re.compile(r"""\s*(?:\[\s*(?:[\[{]|\]\s*$)|\{\s*(?:["'}]|u['"]))""")
_PYTHON = re.compile(r"""\s*\{\s*u?'""")
_BETWEEN = re.compile(r"[\s,]*")
_BATCH = 50_000
_SHOWN = 60
_UNREADABLE = (ValueError, TypeError, SyntaxError, RecursionError, MemoryError)
_ADVICE = 'write one object per rating, item or user, such as {"user": "u1", "item": "a"}'


def is_json(text: str) -> bool:
    """Whether a text begins like JSON objects, or like the dictionaries that Python writes."""
    return _OBJECTS.match(text) is not None


def json_sheet(path: Path, text: str) -> Sheet:
    """A row per object: nested values stay JSON, a key that is missing or null is empty."""
    names: dict[str, None] = {}
    lines: list[int] = []
    tables = []
    objects = _objects(path, text)
    while batch := list(islice(objects, _BATCH)):
        for line, row in batch:
            lines.append(line)
            names.update(dict.fromkeys(row))
        refuse_many_columns(path, len(names))
        rows = [row for _, row in batch]
        tables.append(pa.table({name: _texts([row.get(name) for row in rows]) for name in names}))
    if not names:
        raise InputError(f"{path} holds no object with values; {_ADVICE}")
    if len(lines) == 1 and all(isinstance(value, dict | list) for value in rows[0].values()):
        raise InputError(f"{path} holds one object with everything in it; {_ADVICE}")
    frame: pd.DataFrame = pa.concat_tables(tables, promote_options="default").to_pandas()
    return Sheet(path, frame.fillna(""), np.array(lines, np.int64), "JSON")


def _texts(values: list[Any]) -> pa.Array:
    cells = [value if type(value) is str else _cell(value) for value in values]
    try:
        return pa.array(cells, pa.string())
    except UnicodeEncodeError:  # half of a character in two halves, as "\\ud83d"
        whole = [cell.encode("utf-8", "replace").decode() for cell in cells]
        return pa.array(whole, pa.string())


def _cell(value: object) -> str:
    if type(value) is int:
        return str(value)
    if value is None or value != value:  # null, NaN
        return ""
    return as_json(value) if isinstance(value, dict | list | tuple | bool) else str(value)


def _objects(path: Path, text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each object and the line on which it begins."""
    read = _python_value if _PYTHON.match(text) else json.JSONDecoder().raw_decode
    start = len(text) - len(text.lstrip())
    in_array = text[start] == "["
    line, counted, place = 1, 0, _after(text, start + in_array)
    while place < len(text) and not (in_array and text[place] == "]"):
        line, counted = line + text.count("\n", counted, place), place
        try:
            row, end = read(text, place)
        except _UNREADABLE as error:
            raise _broken(path, line, text[place : place + _SHOWN], error) from error
        if not isinstance(row, dict):
            raise InputError(f"{path}, line {line}: {as_json(row)[:40]} is no object; {_ADVICE}")
        yield line, row
        place = end + 1 if text.startswith("\n{", end) else _after(text, end)
    if in_array and place == len(text):
        raise InputError(
            f"{path} ends before the array that it begins with does; download or copy it again"
        )


def _after(text: str, place: int) -> int:
    """Where the next value begins."""
    between = _BETWEEN.match(text, place)
    return between.end() if between else place


def _broken(path: Path, line: int, text: str, error: Exception) -> InputError:
    why = getattr(error, "msg", "") or type(error).__name__
    return InputError(
        f"{path}, line {line}: {text.splitlines()[0]} is broken JSON ({why}); correct or drop the "
        "line"
    )


def _python_value(text: str, place: int) -> tuple[Any, int]:
    """A dictionary as Python prints it, on one line."""
    end = text.find("\n", place)
    end = len(text) if end < 0 else end
    return ast.literal_eval(text[place:end].rstrip().rstrip(",")), end
