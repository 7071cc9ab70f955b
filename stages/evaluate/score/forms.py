"""The forms of lists and relevance judgements of other tools, recognised by their columns.

TREC run      user Q0 item rank score system     no header
TREC qrels    user 0 item relevance              no header
Elliot        user item score                    no header; ratings alike
u.data        user item rating timestamp         no header
LensKit       user_id, item_id, rank, score      a table with a header, as any other
RecBole       user_id:token, item_id:token …     a table with a typed header
"""

from dataclasses import replace
from pathlib import Path

from stages.data.columns.columns import CANONICAL
from stages.data.columns.places import no_header
from stages.data.files.own_sheet import read_own_sheet
from stages.data.sheets.sheet import Sheet

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


def read_lists_sheet(path: Path, encoding: str | None = None) -> Sheet:
    """A file of lists, its columns under the project's names where it has no header."""
    sheet = read_own_sheet(path, encoding=encoding)
    if sheet.headed:
        return sheet
    if _of_trec(sheet, _RUN):
        return _named(sheet, _RUN)
    if len(sheet.columns) == len(_SCORED):
        return _named(sheet, _SCORED)
    raise no_header(sheet, "add a line with the names user_id, movie_id, recommendation_rank")


def read_rated_sheet(path: Path, encoding: str | None = None) -> Sheet:
    """The same for a file of ratings, which may be empty below its header."""
    sheet = read_own_sheet(path, may_be_empty=True, encoding=encoding)
    if sheet.headed:
        return sheet
    if _of_trec(sheet, _QRELS):
        return _named(sheet, _QRELS)
    if len(sheet.columns) < 3:
        raise no_header(sheet, "add a line with the names of its columns")
    return _named(sheet, _RATED)


def _of_trec(sheet: Sheet, names: tuple[str, ...]) -> bool:
    """Whether there are as many columns as names, and the second says nothing."""
    if len(sheet.columns) != len(names):
        return False
    return bool(sheet.rows.iloc[:, 1].str.casefold().isin(_ITERATIONS).all())


def _named(sheet: Sheet, names: tuple[str, ...]) -> Sheet:
    return replace(sheet.renamed(dict(zip(sheet.columns, names, strict=False))), headed=True)
