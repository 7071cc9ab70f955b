"""Titles and their years; MovieLens writes "Postino, Il (1994)" for "Il Postino", 1994."""

import re
from dataclasses import dataclass

from stages.contracts.items import YEAR_AT_END
from stages.enrich.text import clean_text

_ARTICLES = (
    "The|A|An|La|Le|Les|L'|El|Los|Las|Il|Lo|I|Gli|Der|Die|Das|Det|Den|De|O|Os|As|Un|Une|Ein|Eine"
)
_YEAR = re.compile(r"\((\d{4})\)\s*(?:\((?:V|TV|VG)\))?\s*$")
_ALIAS = re.compile(r"\s*\(([^()]*)\)\s*$")
_KNOWN_AS = re.compile(r"(?:^|[,;]\s*)a\.?k\.?a\.?\s+", re.IGNORECASE)
_TRAILING_ARTICLE = re.compile(rf"^(?P<title>.+), (?P<article>{_ARTICLES})$")


@dataclass(frozen=True)
class Title:
    """A title in natural order, its year where it names one, and its other titles."""

    title: str
    year: int | None
    aliases: tuple[str, ...]


def written_title(raw: str) -> Title:
    """Take the year at the end off; all else stays, as brackets may tell two items apart."""
    written = clean_text(raw) or "untitled"
    year = YEAR_AT_END.search(written)
    rest = written[: year.start()].strip() if year else ""
    return Title(rest, int(year[1]), ()) if year and rest else Title(written, None, ())


def parse_title(raw: str) -> Title:
    """By MovieLens' rules: year, format mark and other titles off, the article in front."""
    rest = clean_text(raw) or ""
    year = _YEAR.search(rest)
    rest = rest[: year.start()].strip() if year else rest
    aliases: list[str] = []
    while (alias := _ALIAS.search(rest)) and alias.start() > 0:
        aliases[:0] = map(natural_title, _KNOWN_AS.split(alias[1].strip()))
        rest = rest[: alias.start()].strip()
    return Title(
        natural_title(rest) or "untitled",
        int(year[1]) if year else None,
        tuple(filter(None, aliases)),
    )


def natural_title(title: str) -> str:
    """A title with its article in front: "Title, The" is "The Title".

    An elided article joins: "Appartement, L'" is "L'Appartement".
    """
    match = _TRAILING_ARTICLE.match(title)
    if not match:
        return title
    gap = "" if match["article"].endswith("'") else " "
    return f"{match['article']}{gap}{match['title']}"
