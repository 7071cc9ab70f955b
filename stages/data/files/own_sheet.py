"""The one way into a person's file, whatever form another program left it in."""

from dataclasses import replace
from pathlib import Path

from stages.data.files.encoded import text_from
from stages.data.files.foreign import refuse_foreign
from stages.data.files.json_rows import is_json, json_sheet
from stages.data.files.packed import content_of
from stages.data.files.parquet import MARK, parquet_sheet
from stages.data.files.separated import separated_sheet
from stages.data.layouts.adjacency import item_lists
from stages.data.layouts.atomic import is_atomic, sequences, untyped_names
from stages.data.layouts.layout import LISTS, Layout, layout_of
from stages.data.layouts.matrix import long_form
from stages.data.sheets.sheet import Sheet, refuse_no_rows


def read_own_sheet(
    path: Path,
    may_be_empty: bool = False,
    encoding: str | None = None,
    form: Layout | None = None,
) -> Sheet:
    """Read a person's table, lists or matrix: delimited, JSON or Parquet, and packed or not.

    encoding: that of the text if it is not UTF-8. form: what a line is, if the person says so.
    """
    content = content_of(path)
    packing = content.packing
    refuse_foreign(path, content.data)
    if content.data.startswith(MARK):
        sheet, encoded = parquet_sheet(path, content.data), ""
    else:
        text, encoded = text_from(path, content.data, encoding)
        del content
        sheet = _of_text(path, text, form or layout_of(text))
    if not may_be_empty:
        refuse_no_rows(path, sheet.rows)
    return replace(sheet, form=", ".join(filter(None, (*packing, encoded, sheet.form))))


def _of_text(path: Path, text: str, form: Layout) -> Sheet:
    if form in LISTS:
        rows, lines = item_lists(path, text)
        return Sheet(path, rows, lines, "a line per user, with their items", layout=form)
    if form == "matrix":
        cells = separated_sheet(path, text)
        rows, row = long_form(cells.rows, named=cells.headed)
        spoken = f"users × items, {cells.form}"
        return Sheet(path, rows, cells.lines[row], spoken, layout=form)
    table = json_sheet(path, text) if is_json(text) else separated_sheet(path, text)
    return _untyped(table) if is_atomic(table.columns) else table


def _untyped(sheet: Sheet) -> Sheet:
    """An atomic file without the types in its header."""
    rows = sheet.rows.rename(columns=untyped_names(sheet.columns))
    form = f"RecBole's atomic file, {sheet.form}"
    return replace(sheet, rows=rows, lists=sequences(sheet.columns), form=form)
