"""The blind sheet: one HTML file that is answered on a screen, without a network, or on paper."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from e2ep_cli.reading.choice import shown_items
from e2ep_cli.studying.drawing import DrawnPair, SheetSize, draw_pairs, draw_study_users
from e2ep_cli.studying.key import QUESTIONS, StudyKey, StudyShow
from e2ep_cli.studying.sides import StudySides, UserList, lists_of, sources_of
from stages.contracts.items import Item
from stages.contracts.words import DomainWords, worded
from stages.core.characters import shown_text
from stages.core.seeds import generator

LETTERS = "bcdfghjkmnpqrstvwxz"
"""Of ids: no vowel, so that they spell nothing, and no digit, so that no spreadsheet reads one."""
_SECONDS = {"lists": 30, "explained": 60, "reasons": 45, "without": 30}
"""What a pair takes, roughly."""


@dataclass(frozen=True)
class SheetItem:
    """An item as people see it: title and year, genres and people, and the reason."""

    name: str
    facts: str
    reason: str = ""


@dataclass(frozen=True)
class SheetPair:
    """A pair as people see it; instruction: the answer that a check asks for, or empty."""

    number: int
    likes: list[SheetItem]
    lists: tuple[list[SheetItem], list[SheetItem]]
    instruction: str


def study_sheet(
    sides: StudySides, shows: StudyShow, size: SheetSize, seed: int
) -> tuple[str, StudyKey]:
    """The sheet's HTML, and its key; the same for the same run, sides, size and seed."""
    choice = sides.first
    drawn = draw_study_users(sides, lists_of(sides, shows, size.k), shows, size, seed)
    rng = generator(seed, "study order", *sides.names, shows)
    pairs = draw_pairs(drawn.users, size, rng)
    items = {item.item_id: item for item in shown_items(choice)}
    shown = [_sheet_pair(pair, items) for pair in pairs]
    questions = {name: worded(text, choice.words) for name, text in QUESTIONS[shows].items()}
    first, second = sides.names
    key = StudyKey(
        sheet=_id_of(shown),
        dataset=choice.dataset,
        run=choice.run.name,
        split=choice.split,
        first=first,
        second=second,
        shows=shows,
        questions=questions,
        sources=sources_of(sides, shows, drawn.users[0].user_id),
        seed=seed,
        looked_at=drawn.looked_at,
        alike=drawn.alike,
        pairs=tuple(pair.key for pair in pairs),
    )
    return sheet_html(key.sheet, shown, questions, shows, choice.words), key


def sheet_html(
    sheet: str,
    pairs: Sequence[SheetPair],
    questions: Mapping[str, str],
    shows: StudyShow,
    words: DomainWords,
) -> str:
    """The page; it is given nothing that tells the sides apart."""
    templates = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return templates.get_template("sheet.html").render(
        sheet=sheet,
        pairs=pairs,
        questions=questions,
        shows=shows,
        words=words,
        letters=LETTERS,
        minutes=max(round(len(pairs) * _SECONDS[shows] / 60), 1),
    )


def _sheet_pair(pair: DrawnPair, items: Mapping[str, Item]) -> SheetPair:
    def listed(made: UserList) -> list[SheetItem]:
        return [_sheet_item(items[each.item_id], each.reason) for each in made]

    first, second = pair.lists
    return SheetPair(
        pair.key.pair,
        [_sheet_item(items[item]) for item in pair.likes],
        (listed(first), listed(second)),
        pair.key.right if pair.key.check == "instructed" else "",
    )


def _sheet_item(item: Item, reason: str = "") -> SheetItem:
    facts = " · ".join(filter(None, (", ".join(item.creators), ", ".join(item.genres))))
    return SheetItem(*(shown_text(text) for text in (item.name, facts, reason)))


def _id_of(pairs: Sequence[SheetPair]) -> str:
    """Eight letters from what the sheet shows, so that a key fits only what it was made with."""
    digest = hashlib.sha256(repr(pairs).encode(errors="replace")).digest()
    return "".join(LETTERS[byte % len(LETTERS)] for byte in digest[:8])
