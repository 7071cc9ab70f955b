"""Files with an object a line, written as JSON or as Python prints a dictionary."""

import ast
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from stages.core.errors import InputError
from stages.core.log import progress

_PARSERS: dict[str, Callable[[str], Any]] = {"json": json.loads, "python": ast.literal_eval}
_FAULTS = (ValueError, SyntaxError, TypeError, RecursionError, MemoryError)


def objects(path: Path, names: list[str], form: Literal["json", "python"]) -> pd.DataFrame:
    """The values under `names` in each object, one string a value.

    A line at a time, as descriptions and pictures that nobody asked for fill most of such files.
    An absent value is empty; a list of texts is joined by `|`.
    """
    parse, columns = _PARSERS[form], {name: list[str]() for name in names}
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(progress(lines, f"reading {path.name}"), 1):
            if line.isspace():
                continue
            row = _parsed(parse, line, path, number)
            for name, column in columns.items():
                column.append(_as_text(row.get(name)))
    return pd.DataFrame({name: pd.Series(column, dtype="str") for name, column in columns.items()})


def _parsed(parse: Callable[[str], Any], line: str, path: Path, number: int) -> dict[str, Any]:
    try:
        row = parse(line)
    except _FAULTS as error:
        raise InputError(f"{path}, line {number}: it cannot be read; download it again") from error
    if not isinstance(row, dict):
        raise InputError(f"{path}, line {number}: it holds no object; download it again")
    return row


def _as_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, Iterable):
        return "|".join(str(part).replace("|", "/") for part in value)
    return str(value)
