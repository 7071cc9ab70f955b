"""Cleaning of text from outside: Unicode, HTML, control characters and white space."""

import html
import re
import unicodedata

_TAG = re.compile(r"</?[A-Za-z!][^<>]{0,200}>")
_MOJIBAKE = re.compile("[ÃÂ][\u0080-\u00bf]")


def clean_text(text: object) -> str | None:
    """Plain text in Unicode NFC, without HTML, control characters or repeated white space.

    None if nothing is left, or `text` is not a text.
    """
    if not isinstance(text, str):
        return None
    plain = _cleaned(text)
    while (again := _cleaned(plain)) != plain:
        plain = again
    return plain or None


def clean_list(text: object) -> list[str]:
    """The parts of a `|`-separated list, cleaned, in order and without repeats."""
    parts = text.split("|") if isinstance(text, str) else []
    return list(dict.fromkeys(part for part in map(clean_text, parts) if part))


def _cleaned(text: str) -> str:
    """One pass; text escaped twice takes another. Invisible marks leave no gap in a word."""
    plain = _TAG.sub(" ", html.unescape(_repaired(text)))
    visible = (c for c in plain if unicodedata.category(c) != "Cf")
    spaced = "".join(" " if unicodedata.category(c)[0] == "C" else c for c in visible)
    return " ".join(unicodedata.normalize("NFC", spaced).split())


def _repaired(text: str) -> str:
    """The text, decoded again if it is UTF-8 that was read as Latin-1."""
    if not _MOJIBAKE.search(text):
        return text
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text
