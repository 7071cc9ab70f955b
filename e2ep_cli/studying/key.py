"""The key of a sheet: which side is which, and what an attentive person answers to a check."""

from pathlib import Path
from typing import Literal

from stages.contracts.rows import Row
from stages.core.errors import InputError
from stages.core.tables import write_model

SHEET = Path("study.html")
"""Where a sheet is written unless a person says otherwise."""
StudyShow = Literal["lists", "explained", "reasons", "without"]
"""What people compare: lists, lists with reasons, two sets of reasons for one list, or one list
with its reasons and without."""
SheetAnswer = Literal["A", "B", "none"]
QUESTIONS: dict[StudyShow, dict[str, str]] = {
    "lists": {"list": "Which list would you rather get?"},
    "explained": {
        "list": "Which list would you rather get?",
        "reasons": "Which reasons help you more to choose $an_item?",
    },
    "reasons": {"reasons": "Which reasons help you more to choose $an_item?"},
    "without": {"reasons": "Which of the two helps you more to choose $an_item?"},
}
"""The questions to each pair, by the name that they have in the answers."""


class KeyPair(Row):
    """A pair of the sheet, by its number there.

    left: the side that is A; of the list that an `identical` check shows twice, the side that it is
    from. right: the answer to a check, empty otherwise.
    """

    pair: int
    user_id: str
    left: Literal["first", "second"]
    check: Literal["", "identical", "instructed"] = ""
    right: Literal["A", "B", "none", ""] = ""


class StudyKey(Row):
    """What the sheet does not tell.

    sources: who gave the reasons of either side. looked_at, alike: how many users with two lists
    were drawn, and how many of them were passed over as both sides give them the same.
    """

    sheet: str
    dataset: str
    run: str
    split: str
    first: str
    second: str
    shows: StudyShow
    questions: dict[str, str]
    sources: tuple[str, str]
    seed: int
    looked_at: int
    alike: int
    pairs: tuple[KeyPair, ...]

    @property
    def asked(self) -> list[KeyPair]:
        """The pairs that are no checks."""
        return [pair for pair in self.pairs if not pair.check]


def key_beside(sheet: Path) -> Path:
    """Where the key of a sheet is unless a person says otherwise."""
    return sheet.with_suffix(".key.json")


def read_key(path: Path) -> StudyKey:
    """A key as `e2ep study sheet` wrote it."""
    try:
        return StudyKey.model_validate_json(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InputError(
            f"{path} is not the key of a sheet; `e2ep study sheet` writes it beside the sheet"
        ) from error


def write_key(path: Path, key: StudyKey) -> None:
    """Write a key, but never over that of another sheet, whose answers it alone can read."""
    if path.exists() and read_key(path).sheet != key.sheet:
        raise InputError(
            f"{path} is the key of another sheet, whose answers it alone can read; "
            "name another file with --key"
        )
    write_model(path, key)
