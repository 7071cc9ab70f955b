"""Reading a publisher's file as an entry of the registry describes it, one string a value."""

import html
import operator
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from stages.core.errors import InputError
from stages.data.conversion.mind import clicks
from stages.data.conversion.netflix import blocks, titles
from stages.data.conversion.objects import objects
from stages.data.registry.tables import PublishedTable, TableForm
from stages.data.sheets.dialect import Dialect
from stages.data.sheets.sheet import read_sheet

_ENTITY = r"&(?:#\d+|\w+);"
_HOLDS: dict[str, Callable[[Any, Any], Any]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
}


def read_columns(table: PublishedTable, folder: Path) -> pd.DataFrame:
    """The rows that count, with a column for each key of the table."""
    path = folder / table.file
    rows = _FORMS[table.form](path, table)
    missing = [name for name in table.needed if name not in rows]
    if missing:
        raise InputError(
            f"{path} has no column {missing[0]}; the columns there are {', '.join(rows.columns)}"
        )
    for condition in table.keep:
        rows = rows[_holds(rows, condition)]
    if table.nothing:
        rows = rows.where(~rows.isin(table.nothing), "")
    kept = pd.DataFrame({key: _joined(rows, key, used) for key, used in table.columns.items()})
    return kept.apply(_plain).reset_index(drop=True)


def _plain(values: pd.Series) -> pd.Series:
    """Values on one line each, with the characters that HTML's entities stand for."""
    values = values.str.strip()
    if values.str.contains(r"[\r\n]", regex=True).any():
        values = values.str.replace(r"\s*[\r\n]+\s*", " ", regex=True)
    if values.str.contains(_ENTITY, regex=True).any():
        values = values.map(html.unescape).astype("str")
    return values


def _holds(rows: pd.DataFrame, condition: str) -> np.ndarray:
    """Which rows fulfil `column > 0`; a value that is no number is compared as text."""
    column, sign, value = condition.split(" ", 2)
    values = rows[column]
    try:
        numbers = pd.to_numeric(values, errors="coerce").to_numpy(np.float64)
        return _HOLDS[sign](numbers, float(value))
    except ValueError:
        return _HOLDS[sign](values.str.strip().to_numpy(object), value.strip()).astype(bool)


def _joined(rows: pd.DataFrame, key: str, column: str | tuple[str, ...]) -> pd.Series:
    """The values of a column, or those of several after one another."""
    names = (column,) if isinstance(column, str) else column
    values = rows[names[0]].str.cat(rows[list(names[1:])], sep="|")
    if key == "text":
        return values.str.replace("|", " ", regex=False)
    return values if len(names) == 1 else values.map(_once).astype("str")


def _once(cell: str) -> str:
    """The parts of a list, each once."""
    return "|".join(dict.fromkeys(filter(None, cell.split("|"))))


def _text(path: Path, table: PublishedTable) -> pd.DataFrame:
    if table.escape:
        return _escaped(path, table)
    dialect = Dialect(table.separator, table.names, table.encoding, quoted=table.quoted)
    return read_sheet(path, dialect).rows


def _escaped(path: Path, table: PublishedTable) -> pd.DataFrame:
    """A file in which a backslash stands before a mark that is text.

    A row that is too short has empty values at its end; one that is too long is left out.
    """
    try:
        return pd.read_csv(
            path,
            sep=table.separator,
            encoding=table.encoding,
            encoding_errors="replace",
            escapechar=table.escape,
            usecols=table.needed,
            dtype="str",
            keep_default_na=False,
            on_bad_lines="skip",
        ).fillna("")
    except (ValueError, pd.errors.ParserError) as error:
        why = " ".join(str(error).split())
        raise InputError(f"{path} cannot be read: {why}; download it again") from error


def _parquet(path: Path, table: PublishedTable) -> pd.DataFrame:
    """The columns that count; a file of many millions of rows would not fit as a whole."""
    try:
        read = pq.read_table(path, columns=table.needed)
    except (pa.ArrowInvalid, OSError) as error:
        why = " ".join(str(error).split())
        raise InputError(f"{path} cannot be read: {why}; download it again") from error
    for condition in table.keep:
        column, sign, value = condition.split(" ", 2)
        numbers = read[column].to_numpy().astype(np.float64)
        read = read.filter(pa.array(_HOLDS[sign](numbers, float(value))))
    texts = [read[name].cast(pa.string()).fill_null("") for name in read.column_names]
    return pa.table(texts, names=read.column_names).to_pandas()


_FORMS: dict[TableForm, Callable[[Path, PublishedTable], pd.DataFrame]] = {
    "text": _text,
    "json": lambda path, table: objects(path, table.needed, "json"),
    "python": lambda path, table: objects(path, table.needed, "python"),
    "parquet": _parquet,
    "mind": lambda path, _: clicks(path),
    "netflix": lambda path, table: titles(path) if "title" in table.columns else blocks(path),
}
