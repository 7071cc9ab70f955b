"""MovieLens titles as people write them: "Postino, Il (1994)" is "Il Postino", 1994."""

import re
from dataclasses import dataclass

from stages.enrich.text import clean_text

ARTICLES = (
    "The|A|An|La|Le|Les|L'|El|Los|Las|Il|Lo|I|Gli|Der|Die|Das|Det|Den|De|O|Os|As|Un|Une|Ein|Eine"
)
YEAR = re.compile(r"\((\d{4})\)\s*(?:\((?:V|TV|VG)\))?\s*$")
ALIAS = re.compile(r"\s*\(([^()]*)\)\s*$")
KNOWN_AS = re.compile(r"(?:^|[,;]\s*)a\.?k\.?a\.?\s+", re.IGNORECASE)
TRAILING_ARTICLE = re.compile(rf"^(?P<title>.+), (?P<article>{ARTICLES})$")


@dataclass(frozen=True)
class Title:
    """A title in natural order, its year where it names one, and its other titles."""

    title: str
    year: int | None
    aliases: tuple[str, ...]


def parse_title(raw: str) -> Title:
    """Take year, format mark and alternative titles off, and put the article in front."""
    rest = clean_text(raw) or ""
    year = YEAR.search(rest)
    rest = rest[: year.start()].strip() if year else rest
    aliases: list[str] = []
    while (alias := ALIAS.search(rest)) and alias.start() > 0:
        aliases[:0] = map(natural_title, KNOWN_AS.split(alias[1].strip()))
        rest = rest[: alias.start()].strip()
    return Title(
        natural_title(rest) or "untitled",
        int(year[1]) if year else None,
        tuple(filter(None, aliases)),
    )


def natural_title(title: str) -> str:
    """ "Title, The" as "The Title"; an elided article joins: "Appartement, L'" is "L'Appartement"."""
    found = TRAILING_ARTICLE.match(title)
    if not found:
        return title
    gap = "" if found["article"].endswith("'") else " "
    return f"{found['article']}{gap}{found['title']}"
