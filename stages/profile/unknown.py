"""Items of which only the id is known: they are asked about nowhere, and all have one text."""

from collections.abc import Hashable, Mapping
from typing import Any

from stages.contracts.rows import Profile

NOTHING_KNOWN = "nothing known"
"""The source of a profile that was made from nothing."""


def nothing_of(what: str) -> Profile:
    """The profile of an item or a user about whom nothing can be said.

    It is equal for all of them, so that its text is embedded once.
    """
    overview = f"Nothing is known of {what}."
    return Profile(overview=overview, genres=(), tags=(), description="", dislikes=())


def is_unknown(row: Mapping[Hashable, Any], payload: Mapping[str, Any]) -> bool:
    """Whether the title is all that is known, and a word before the id, as in "place 17"."""
    noun, _, number = row["title"].partition(" ")
    others = (value for name, value in payload.items() if name != "title")
    return bool(noun) and number == row["item_id"] and not any(others)
