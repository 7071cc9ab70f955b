"""A film's profile: the question for a chat model, and the offline rule that answers it."""

import re
from pathlib import Path
from typing import Any

from stages.contracts.rows import Profile
from stages.llm.prompt import read_prompt
from stages.llm.task import Task
from stages.profile.accepted import accepted_profile
from stages.profile.lexicon import tags_in
from stages.profile.likely import DESCRIPTION, DISLIKES, OVERVIEW, TAGS, lengthened, padded

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
SENTENCE = re.compile(r"(?<=[.!?])\s+")


def movie_task(payload: dict[str, Any]) -> Task[Profile]:
    """payload: title, year, genres, overview, tagline, keywords, directors, cast."""
    return Task(
        "profile-movie",
        read_prompt(MOVIE_PROMPT).text,
        payload,
        Profile,
        movie_rule,
        likely=likely_movie,
        accept=accepted_profile,
    )


def movie_rule(payload: dict[str, Any]) -> Profile:
    """Tags from keywords, lexicon, decade and people; dislikes from opposite genres."""
    text = " ".join(filter(None, (payload["overview"], payload["tagline"])))
    tags = [*payload["keywords"][:6], *tags_in(f"{payload['title']} {text}")][:MOST_TAGS]
    first, *rest = SENTENCE.split(payload["overview"] or "")
    creators = payload.get("creators", ())[:2]
    decade = [f"{payload['year'] // 10 * 10}s"] if payload["year"] else []
    story = " ".join(rest)
    if story and not story.endswith((".", "!", "?", '"')):
        story += "."
    present = {word.casefold() for word in (*payload["genres"], *tags)}
    opposites = dict.fromkeys(
        word for genre in payload["genres"] for word in OPPOSITES.get(genre, ())
    )
    return Profile(
        overview=" ".join(filter(None, (first or _bare(payload), payload["tagline"]))),
        genres=tuple(payload["genres"]),
        tags=(*tags, *decade, *payload["directors"][:2], *payload["cast"][:3], *creators),
        description=" ".join(filter(None, (story, _credits(payload)))) or _bare(payload),
        dislikes=tuple(word for word in opposites if word not in present),
    )


def likely_movie(payload: dict[str, Any]) -> Profile:
    """The rule's profile at the length of a model's."""
    made = lengthened(movie_rule(payload), OVERVIEW, DESCRIPTION)
    lists = {"tags": padded(made.tags, TAGS), "dislikes": padded(made.dislikes, DISLIKES)}
    return made.model_copy(update=lists)


def integrated_movie(payload: dict[str, Any]) -> str:
    """The ablation's integrated text: title, genres and overview run together."""
    return " ".join(filter(None, (payload["title"], *payload["genres"], payload["overview"])))


def _bare(payload: dict[str, Any]) -> str:
    kind = " and ".join(payload["genres"][:2]).lower() or "film of unknown genre"
    return f"{payload['title']}: {kind}, {payload['year'] or 'year unknown'}."


def _credits(payload: dict[str, Any]) -> str:
    """Directors and cast, empty where neither is known."""
    directors, cast = payload["directors"][:2], payload["cast"][:3]
    directed = f"Directed by {' and '.join(directors)}." if directors else ""
    return " ".join(filter(None, (directed, f"With {', '.join(cast)}." if cast else "")))
