"""The forms of lists and relevance judgements of other tools, recognised by their first lines.

TREC run      user Q0 item rank score system     no header, blanks or tabs
TREC qrels    user 0 item relevance              no header, blanks or tabs
Elliot        user item score                    no header, tabs; ratings alike
u.data        user item rating timestamp         no header, tabs
LensKit       user_id, item_id, rank, score      a table with a header, as any other
RecBole       user_id:token, item_id:token …     a table with a typed header
"""

from pathlib import Path

from stages.data.sheets.columns import CANONICAL, is_usual
from stages.data.sheets.dialect import Dialect
from stages.data.sheets.sheet import Sheet, first_line, read_own_sheet, read_sheet

OWN_NAMES = CANONICAL | {"score": "score", "system": "system", "rating": "rating"}
"""Key → the project's name of the column."""
_RUN = ("user_id", "q0", "movie_id", "rank", "score", "system")
_QRELS = ("user_id", "iteration", "movie_id", "rating")
_RATED = ("user_id", "movie_id", "rating", "timestamp")
_SCORED = ("user_id", "movie_id", "score")
_ITERATIONS = ("0", "q0")
"""What stands second in every line of TREC's files."""


def is_run(sheet: Sheet) -> bool:
    """Whether the sheet is a TREC run."""
    return sheet.columns == list(_RUN)


def is_qrels(sheet: Sheet) -> bool:
    """Whether the sheet is TREC's relevance judgements."""
    return sheet.columns == list(_QRELS)


def read_lists_sheet(path: Path) -> Sheet:
    """A file of lists under the project's names where it has no header, else under its own."""
    separator, values = _first(path)
    if len(values) == len(_RUN) and values[1].casefold() in _ITERATIONS:
        return _unnamed(path, separator, _RUN)
    if separator == "\t" and len(values) == len(_SCORED) and not _is_header(values):
        return _unnamed(path, separator, _SCORED)
    return read_own_sheet(path)


def read_rated_sheet(path: Path) -> Sheet:
    """The same for a file of ratings, which may be empty below its header."""
    separator, values = _first(path)
    if len(values) == len(_QRELS) and values[1].casefold() in _ITERATIONS:
        judged = _unnamed(path, separator, _QRELS)
        if judged.rows["iteration"].str.casefold().isin(_ITERATIONS).all():
            return judged
    if separator != "\t" or len(values) < 3 or _is_header(values):
        return read_own_sheet(path, may_be_empty=True)
    further = tuple(f"column {place}" for place in range(len(_RATED), len(values)))
    return _unnamed(path, separator, (*_RATED, *further)[: len(values)])


def _first(path: Path) -> tuple[str, list[str]]:
    """The separator of the first line, a tab or a blank, and its values."""
    line = first_line(path)
    separator = "\t" if "\t" in line else " "
    return separator, line.split(separator)


def _is_header(values: list[str]) -> bool:
    return any(":" in value or is_usual(value, "user", "item", "rating") for value in values)


def _unnamed(path: Path, separator: str, names: tuple[str, ...]) -> Sheet:
    """Quotation marks have no meaning in these forms."""
    return read_sheet(path, Dialect(separator, names, quoted=False))
