"""A movie's profile: the question for a chat model, and the offline rule that answers it from text, genres and people."""

import re
from pathlib import Path
from typing import Any

from stages.contracts.rows import Profile
from stages.llm.prompt import read_prompt
from stages.llm.task import Task
from stages.profile.lexicon import tags_in

MOVIE_PROMPT = Path(__file__).parent / "prompts" / "movie.md"

OPPOSITES: dict[str, tuple[str, ...]] = {
    "Action": ("slow drama", "romance"),
    "Adventure": ("chamber drama",),
    "Animation": ("gritty realism",),
    "Children": ("violence", "horror"),
    "Family": ("violence", "horror"),
    "Comedy": ("tragedy", "horror"),
    "Crime": ("fairy tale", "family fun"),
    "Documentary": ("fantasy", "science fiction"),
    "Drama": ("slapstick",),
    "Fantasy": ("documentary", "gritty realism"),
    "Film-Noir": ("musical", "slapstick"),
    "Horror": ("light comedy", "family fun"),
    "Musical": ("war", "gritty realism"),
    "Mystery": ("slapstick", "musical"),
    "Romance": ("horror", "gore"),
    "Sci-Fi": ("period drama", "western"),
    "Thriller": ("light comedy", "musical"),
    "War": ("light comedy", "fairy tale"),
    "Western": ("space opera", "urban life"),
}
MOST_TAGS = 12
_WORDINESS = 1.4
"""The profiles published with the paper have 961 characters on average, those of the rule 694 (MovieLens 100K)."""
SENTENCE = re.compile(r"(?<=[.!?])\s+")


def movie_task(payload: dict[str, Any]) -> Task[Profile]:
    """payload: title, year, genres, overview, tagline, keywords, directors, cast."""
    return Task(
        "profile-movie",
        read_prompt(MOVIE_PROMPT).text,
        payload,
        Profile,
        movie_rule,
        wordiness=_WORDINESS,
    )


def movie_rule(payload: dict[str, Any]) -> Profile:
    """Tags from keywords, the lexicon over the text, the decade and the people; dislikes from opposite genres."""
    text = " ".join(filter(None, (payload["overview"], payload["tagline"])))
    tags = [*payload["keywords"][:6], *tags_in(f"{payload['title']} {text}")][:MOST_TAGS]
    first, *rest = SENTENCE.split(payload["overview"] or "")
    return Profile(
        overview=" ".join(filter(None, (first or _bare(payload), payload["tagline"]))),
        genres=tuple(payload["genres"]),
        tags=(*tags, *_era(payload["year"]), *payload["directors"][:2], *payload["cast"][:3]),
        description=" ".join(filter(None, (_ended(" ".join(rest)), _people(payload))))
        or _bare(payload),
        dislikes=_opposites(payload["genres"], tags),
    )


def integrated_movie(payload: dict[str, Any]) -> str:
    """The ablation's integrated text: title, genres and overview run together."""
    return " ".join(filter(None, (payload["title"], *payload["genres"], payload["overview"])))


def _bare(payload: dict[str, Any]) -> str:
    kind = " and ".join(payload["genres"][:2]).lower() or "film of unknown genre"
    return f"{payload['title']}: {kind}, {payload['year'] or 'year unknown'}."


def _ended(text: str) -> str:
    return text if not text or text.endswith((".", "!", "?", '"')) else f"{text}."


def _people(payload: dict[str, Any]) -> str:
    directed = (
        f"Directed by {' and '.join(payload['directors'][:2])}. " if payload["directors"] else ""
    )
    return (
        directed + (f"With {', '.join(payload['cast'][:3])}." if payload["cast"] else "")
    ).strip()


def _era(year: int | None) -> tuple[str, ...]:
    return (f"{year // 10 * 10}s",) if year else ()


def _opposites(genres: list[str], tags: list[str]) -> tuple[str, ...]:
    present = {word.casefold() for word in (*genres, *tags)}
    words = dict.fromkeys(word for genre in genres for word in OPPOSITES.get(genre, ()))
    return tuple(word for word in words if word not in present)
