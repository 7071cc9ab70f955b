"""A local server that knows some lines of a data set by heart, and a small data set."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stages.core.files import write_text
from tests.llm.server import Act, Asked, chat

ITEMS, USERS = 43, 23
"""Of which the first three are examples."""
RATED = 11
"""Ratings per user: ten are shown, and the last one is asked for."""


def reciting(known: Mapping[tuple[str, str], str], asked: Asked) -> Act:
    """The rest of a known line, by its file and beginning; otherwise unknown."""
    question = json.loads(asked.body["messages"][-1]["content"])
    rest = known.get((question["file"], question["line"]), "unknown")
    return chat(json.dumps({"rest": rest}))


def write_movielens(folder: Path) -> None:
    """In the form of MovieLens 100K: film n is called Film n, user n rated 11 films up to n + 10.

    User n's next rating is film n + 10 with n % 5 + 1 stars.
    """
    flags = "|".join("0" * 2)
    write_text(folder / "u.genre", "unknown|0\nDrama|1\n")
    items = (f"{n}|Film  {n} ({1900 + n})|01-Jan-{1900 + n}||url|{flags}" for n in of(ITEMS))
    write_text(folder / "u.item", lines(items))
    write_text(folder / "u.user", lines(f"{n}|{n + 20}|M|nurse|{10000 + n}" for n in of(USERS)))
    rows = (f"{n}\t{n + k}\t{n % 5 + 1}\t{k}" for k in range(RATED) for n in of(USERS))
    write_text(folder / "u.data", lines(rows))


def lines(rows: Any) -> str:
    return "".join(f"{row}\n" for row in rows)


def of(count: int) -> range:
    return range(1, count + 1)


def half_known() -> dict[tuple[str, str], str]:
    """By heart: films up to 23 (20 of 40), users up to 8 (5 of 20), ratings of users up to 13.

    Those are 10 of 20; of users 14 to 18, 5 of 20, the film with another rating. Spelling differs
    in case and spaces, the line is echoed or goes on, as models do.
    """
    films = {("u.item", f"{n}|"): f"{n}|FILM {n} ({1900 + n})|01-Jan-{1900 + n}" for n in of(23)}
    people = {("u.user", f"{n}|"): f"{n + 20}|M|nurse|{10000 + n}" for n in of(8)}
    rated = {("u.data", f"{n} "): f"{n + 10} {n % 5 + 1}" for n in of(13)}
    nearly = {("u.data", f"{n} "): f"{n + 10} {(n + 1) % 5 + 1}" for n in range(14, 19)}
    return films | people | rated | nearly
