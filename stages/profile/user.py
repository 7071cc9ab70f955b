"""A user's profile, refined batch by batch: one turn's question, and its offline rule."""

from collections import Counter
from pathlib import Path
from typing import Any

from stages.contracts.rows import Profile
from stages.llm.prompt import read_prompt
from stages.llm.task import Message, Task
from stages.profile.accepted import accepted_profile

USER_PROMPT = Path(__file__).parent / "prompts" / "user.md"

MOST_GENRES, MOST_TAGS, MOST_DISLIKES, MOST_TITLES = 6, 20, 10, 5
_WORDINESS = 3.0
"""Published profiles have 2,276 characters on average, the rule's 754 (MovieLens 100K, u1)."""
NOTHING_LIKED = "Has not rated a film highly yet"
GENRES_UNKNOWN = "Has rated some highly, of which no genre is known"


def user_task(
    so_far: Profile | None, batch: list[dict[str, Any]], turns: tuple[Message, ...]
) -> Task[Profile]:
    """batch: films as {title, liked, genres, tags}, all liked or all disliked."""
    payload = {"profile": so_far.model_dump(mode="json") if so_far else None, "films": batch}
    return Task(
        "profile-user",
        read_prompt(USER_PROMPT).text,
        payload,
        Profile,
        user_rule,
        turns,
        wordiness=_WORDINESS,
        accept=accepted_profile,
    )


def user_rule(payload: dict[str, Any]) -> Profile:
    """Liked films raise their genres and tags; disliked ones add what is not among these."""
    so_far = Profile.model_validate(payload["profile"]) if payload["profile"] else None
    films = payload["films"]
    liked = [film for film in films if film["liked"]]
    disliked = [film for film in films if not film["liked"]]
    genres = _raised(
        so_far.genres if so_far else (), [film["genres"] for film in liked], MOST_GENRES
    )
    tags = _raised(so_far.tags if so_far else (), [film["tags"] for film in liked], MOST_TAGS)
    attributes = [(*film["genres"], *film["tags"]) for film in disliked]
    fresh = _raised(so_far.dislikes if so_far else (), attributes, MOST_DISLIKES * 2)
    enjoyed = {word.casefold() for word in (*genres, *tags)}
    dislikes = tuple(word for word in fresh if word.casefold() not in enjoyed)[:MOST_DISLIKES]
    before = so_far.description.removeprefix("Liked ").removesuffix(".") if so_far else ""
    titles = [*before.split("; "), *(film["title"] for film in liked)]
    shown = [title for title in titles if title][:MOST_TITLES]
    description = f"Liked {'; '.join(shown)}." if shown else ""
    return Profile(
        overview=_overview(genres, tags, dislikes, bool(description)),
        genres=genres,
        tags=tags,
        description=description,
        dislikes=dislikes,
    )


def from_dislikes(profile: Profile) -> Profile:
    """The profile of a user who liked nothing: it claims no likes, and its overview says so."""
    said = profile.overview.startswith(NOTHING_LIKED)
    overview = profile.overview if said else f"{NOTHING_LIKED}. {profile.overview}".strip()
    return profile.model_copy(update={"overview": overview, "genres": (), "tags": ()})


def integrated_user(films: list[dict[str, Any]]) -> str:
    """The ablation's free-form summary, from the same films."""
    liked = "; ".join(
        f"{film['title']} ({' '.join(film['genres'])})" for film in films if film["liked"]
    )
    disliked = "; ".join(film["title"] for film in films if not film["liked"])
    return " ".join(
        filter(
            None, (f"Likes {liked}." if liked else "", f"Dislikes {disliked}." if disliked else "")
        )
    )


def _raised(so_far: tuple[str, ...], lists: list[Any], most: int) -> tuple[str, ...]:
    """Words by weight: 1 per film that has it, and from 2 down to 1 for the words so far."""
    weight: Counter[str] = Counter()
    for place, word in enumerate(so_far):
        weight[word] += 2 - place / len(so_far)  # type: ignore[assignment]
    for words in lists:
        weight.update(dict.fromkeys(words, 1))
    return tuple(word for word, _ in weight.most_common(most))


def _overview(
    genres: tuple[str, ...], tags: tuple[str, ...], dislikes: tuple[str, ...], liked: bool
) -> str:
    kinds = GENRES_UNKNOWN if liked else NOTHING_LIKED
    if genres:
        kinds = f"Enjoys {', '.join(genres[:3]).lower()} films"
    about = f", drawn to {', '.join(tags[:5])}" if tags else ""
    avoids = f"; turns away from {', '.join(dislikes[:3])}" if dislikes else ""
    return f"{kinds}{about}{avoids}."
