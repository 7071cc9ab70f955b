"""The one way into a person's file, whatever form another program left it in."""

from dataclasses import replace
from pathlib import Path

from stages.data.sheets.forms.encoded import text_from
from stages.data.sheets.forms.foreign import refuse_foreign
from stages.data.sheets.forms.packed import content_of
from stages.data.sheets.forms.parquet import MARK, parquet_sheet
from stages.data.sheets.forms.table import TEXT_FORMS
from stages.data.sheets.sheet import Sheet, refuse_no_rows


def read_own_sheet(path: Path, may_be_empty: bool = False, encoding: str | None = None) -> Sheet:
    """Read a person's table: delimited, JSON or Parquet, and packed or not.

    encoding: that of the text if it is not UTF-8.
    """
    content = content_of(path)
    packing = content.packing
    refuse_foreign(path, content.data)
    if content.data.startswith(MARK):
        sheet, encoded = parquet_sheet(path, content.data), ""
    else:
        text, encoded = text_from(path, content.data, encoding)
        del content
        form = next(form for form in TEXT_FORMS if form.fits(text))
        sheet = form.read(path, text)
    if not may_be_empty:
        refuse_no_rows(path, sheet.rows)
    return replace(sheet, form=", ".join(filter(None, (*packing, encoded, sheet.form))))
