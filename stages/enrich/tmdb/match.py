"""How well a film that TMDB lists matches the one sought, by titles and years."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from stages.enrich.text import clean_text
from stages.enrich.tmdb.answers import ListedFilm

_ARTICLE = re.compile(r"^(the|a|an) (?=.)")
_YEARS_APART = (0.0, 0.05, 0.15)
"""Penalty by distance of years: festivals and foreign releases make one year common, two rare."""
_FARTHER, _UNKNOWN = 0.4, 0.15


@dataclass(frozen=True)
class FilmQuery:
    """A film as the data set names it; the first title is the main one."""

    titles: tuple[str, ...]
    year: int | None


@dataclass(frozen=True)
class Match:
    """A film that TMDB lists and its score, 0 to 1."""

    film: ListedFilm
    score: float

    def describe(self) -> str:
        """Title, year and score, for people to read."""
        title, year = clean_text(self.film.title) or "untitled", self.film.year or "year unknown"
        return f"{title} ({year}), score {f'{self.score:.2f}'.removeprefix('0')}"


def best_match(query: FilmQuery, films: Iterable[ListedFilm]) -> Match | None:
    """The film with the highest score, the first of equals."""
    matches = [Match(film, match_score(query, film)) for film in films]
    return max(matches, key=lambda match: match.score, default=None)


def match_score(query: FilmQuery, film: ListedFilm) -> float:
    """The highest ratio of difflib over pairs of titles, less the penalty for years; 0 to 1."""
    ratios = (
        SequenceMatcher(None, normalised(ours), normalised(theirs), autojunk=False).ratio()
        for ours in query.titles
        for theirs in film.titles
    )
    return max(max(ratios, default=0.0) - _penalty(query.year, film.year), 0.0)


def normalised(title: str) -> str:
    """Lower case without accents, punctuation and leading article; "&" is "and"."""
    decomposed = unicodedata.normalize("NFKD", title.replace("&", " and ")).casefold()
    kept = (
        "".join(c for c in decomposed if not unicodedata.combining(c))
        .replace("'", "")
        .replace("’", "")
    )
    words = " ".join("".join(c if c.isalnum() else " " for c in kept).split())
    return _ARTICLE.sub("", words) or title.casefold().strip()


def _penalty(ours: int | None, theirs: int | None) -> float:
    if ours is None or theirs is None:
        return _UNKNOWN
    apart = abs(ours - theirs)
    return _YEARS_APART[apart] if apart < len(_YEARS_APART) else _FARTHER
