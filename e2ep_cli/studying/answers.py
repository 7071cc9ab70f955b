"""Answers as people's browsers saved them, or as they were typed in from paper."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from e2ep_cli.studying.key import SheetAnswer, StudyKey
from e2ep_cli.studying.sheet import LETTERS
from stages.core.errors import InputError
from stages.core.spelling import suggestion
from stages.data.files.own_sheet import read_own_sheet
from stages.data.sheets.faults import brief
from stages.data.sheets.values import require_columns

COLUMNS = ("sheet", "person", "pair", "question", "answer")
_WRITTEN: dict[str, SheetAnswer | None] = {
    "a": "A",
    "b": "B",
    "none": "none",
    "no difference": "none",
    "": None,
}
_CODE = re.compile(rf"[{LETTERS}]{{8}}|[A-Za-z]?\d{{1,6}}")
"""The code that a sheet draws, or the number that somebody on paper is given; no name."""


@dataclass(frozen=True)
class PairAnswer:
    """What a person answered to a question about a pair; None if they left it open."""

    sheet: str
    person: str
    pair: int
    question: str
    answer: SheetAnswer | None


def read_answers(
    paths: Sequence[Path], keys: Mapping[str, StudyKey], encoding: str | None = None
) -> list[PairAnswer]:
    """All answers of the files; an InputError for what no key knows, or what is answered twice."""
    places: dict[tuple[str, str, int, str], str] = {}
    answers = []
    for path in paths:
        for where, answer in _read(path, keys, encoding):
            cell = (answer.sheet, answer.person, answer.pair, answer.question)
            if cell in places:
                raise InputError(
                    f"person {answer.person} answers pair {answer.pair}, {answer.question}, twice: "
                    f"{places[cell]} and {where}; keep one of them"
                )
            places[cell] = where
            answers.append(answer)
    if not any(answer.answer for answer in answers):
        raise InputError(f"no question is answered in {', '.join(map(str, paths))}")
    return answers


def _read(
    path: Path, keys: Mapping[str, StudyKey], encoding: str | None
) -> Iterator[tuple[str, PairAnswer]]:
    """Each answer of a file, and where it stands."""
    table = read_own_sheet(path, encoding=encoding, form="table")
    require_columns(table, *COLUMNS)
    columns = [table.rows[name].fillna("").str.strip() for name in COLUMNS]
    for row, cells in enumerate(zip(*columns, strict=True)):
        where = f"{path}, {table.where(row)}"
        yield where, _checked(where, keys, *cells)


def _checked(
    where: str,
    keys: Mapping[str, StudyKey],
    sheet: str,
    person: str,
    pair: str,
    question: str,
    answer: str,
) -> PairAnswer:
    if sheet not in keys:
        raise InputError(
            f"{where}: sheet {brief(sheet)!r} has no key here, only {', '.join(keys)}; "
            "give its key with --key"
        )
    if not _CODE.fullmatch(person):
        raise InputError(
            f"{where}: the person is {brief(person)!r}, not the code that the sheet draws; "
            "write that, or a number for somebody who answered on paper, and no name"
        )
    key = keys[sheet]
    if pair not in {str(each.pair) for each in key.pairs}:
        raise InputError(
            f"{where}: there is no pair {brief(pair)!r}; sheet {sheet} has 1 to {len(key.pairs)}"
        )
    if question not in key.questions:
        raise InputError(
            f"{where}: there is no question {brief(question)!r}; "
            f"{suggestion(question, list(key.questions))}"
        )
    if answer.casefold() not in _WRITTEN:
        raise InputError(
            f"{where}: the answer is {brief(answer)!r}; write A, B, none for no difference, "
            "or nothing"
        )
    return PairAnswer(sheet, person, int(pair), question, _WRITTEN[answer.casefold()])
