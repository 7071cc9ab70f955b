"""How well a film that TMDB lists is the film that was meant: similarity of titles less distance of years."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from stages.enrich.tmdb.answers import Film

ARTICLE = re.compile(r"^(the|a|an) (?=.)")
YEARS_APART = (0.0, 0.05, 0.15)
"""Penalty by distance of years: festivals and foreign releases make one year common, two rare."""
FARTHER, UNKNOWN = 0.4, 0.15


@dataclass(frozen=True)
class Wanted:
    """A film as the data set names it; the first title is the main one."""

    titles: tuple[str, ...]
    year: int | None


@dataclass(frozen=True)
class Candidate:
    """A film that TMDB lists and its score, 0 to 1."""

    film: Film
    score: float

    def named(self) -> str:
        """Title, year and score, for a person."""
        score = f"{self.score:.2f}".removeprefix("0")
        return (
            f"{self.film.title or 'untitled'} ({self.film.year or 'year unknown'}), score {score}"
        )


def best(wanted: Wanted, films: Iterable[Film]) -> Candidate | None:
    """The film of the highest score, of equals the first."""
    scored = [Candidate(film, score(wanted, film)) for film in films]
    return max(scored, key=lambda one: one.score, default=None)


def score(wanted: Wanted, film: Film) -> float:
    """max over titles of difflib's ratio, less the years' penalty; 0 to 1."""
    pairs = ((ours, theirs) for ours in wanted.titles for theirs in film.titles)
    similar = max((_similarity(ours, theirs) for ours, theirs in pairs), default=0.0)
    return max(similar - _penalty(wanted.year, film.year), 0.0)


def normalised(title: str) -> str:
    """Lower case without accents, punctuation and leading article; "&" is "and"."""
    decomposed = unicodedata.normalize("NFKD", title.replace("&", " and ")).casefold()
    kept = (
        "".join(c for c in decomposed if not unicodedata.combining(c))
        .replace("'", "")
        .replace("’", "")
    )
    words = " ".join("".join(c if c.isalnum() else " " for c in kept).split())
    return ARTICLE.sub("", words) or title.casefold().strip()


def _similarity(ours: str, theirs: str) -> float:
    return SequenceMatcher(None, normalised(ours), normalised(theirs), autojunk=False).ratio()


def _penalty(ours: int | None, theirs: int | None) -> float:
    if ours is None or theirs is None:
        return UNKNOWN
    apart = abs(ours - theirs)
    return YEARS_APART[apart] if apart < len(YEARS_APART) else FARTHER
