"""A user's profile, refined batch by batch: one turn's question, and its offline rule."""

from collections import Counter
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from stages.contracts.rows import Profile
from stages.contracts.words import FILMS, DomainWords, worded
from stages.llm.prompt import read_prompt
from stages.llm.task import Message, Task
from stages.profile.accepted import accepted_profile
from stages.profile.likely import USER_DESCRIPTION, USER_OVERVIEW, lengthened

USER_PROMPT = Path(__file__).parent / "prompts" / "user.md"

MOST_TITLES = 5


@dataclass(frozen=True)
class Most:
    """Words in the lists of a user's profile."""

    genres: int = 6
    tags: int = 20
    dislikes: int = 10


_MOST = Most()
_LIKELY_MOST = Most(genres=10, tags=42, dislikes=11)
"""As many as published profiles have, on average."""


def user_task(
    so_far: Profile | None,
    batch: list[dict[str, Any]],
    turns: tuple[Message, ...],
    words: DomainWords = FILMS,
) -> Task[Profile]:
    """batch: items as {title, liked, genres, tags}, all liked or all disliked."""
    payload = {"profile": so_far.model_dump(mode="json") if so_far else None, words.key: batch}
    return Task(
        "profile-user",
        worded(read_prompt(USER_PROMPT).text, words),
        payload,
        Profile,
        partial(user_rule, words=words),
        turns,
        likely=partial(likely_user, words=words),
        accept=accepted_profile,
    )


def likely_user(payload: dict[str, Any], words: DomainWords = FILMS) -> Profile:
    """The rule's profile at the length of a model's."""
    made = user_rule(payload, _LIKELY_MOST, words)
    return lengthened(made, USER_OVERVIEW, USER_DESCRIPTION)


def user_rule(payload: dict[str, Any], most: Most = _MOST, words: DomainWords = FILMS) -> Profile:
    """Liked items raise their genres and tags; disliked ones add what is not among these."""
    so_far = Profile.model_validate(payload["profile"]) if payload["profile"] else None
    films = payload[words.key]
    liked = [film for film in films if film["liked"]]
    disliked = [film for film in films if not film["liked"]]
    genres = _raised(
        so_far.genres if so_far else (), [film["genres"] for film in liked], most.genres
    )
    tags = _raised(so_far.tags if so_far else (), [film["tags"] for film in liked], most.tags)
    attributes = [(*film["genres"], *film["tags"]) for film in disliked]
    fresh = _raised(so_far.dislikes if so_far else (), attributes, most.dislikes * 2)
    enjoyed = {word.casefold() for word in (*genres, *tags)}
    dislikes = tuple(word for word in fresh if word.casefold() not in enjoyed)[: most.dislikes]
    begin = f"{words.liked.capitalize()} "
    before = so_far.description.removeprefix(begin).removesuffix(".") if so_far else ""
    titles = [*before.split("; "), *(film["title"] for film in liked)]
    shown = [title for title in titles if title][:MOST_TITLES]
    description = f"{begin}{'; '.join(shown)}." if shown else ""
    return Profile(
        overview=_overview(genres, tags, dislikes, bool(description), words),
        genres=genres,
        tags=tags,
        description=description,
        dislikes=dislikes,
    )


def from_dislikes(profile: Profile, words: DomainWords = FILMS) -> Profile:
    """The profile of a user who liked nothing: it claims no likes, and its overview says so."""
    nothing = nothing_liked(words)
    said = profile.overview.startswith(nothing)
    overview = profile.overview if said else f"{nothing}. {profile.overview}".strip()
    return profile.model_copy(update={"overview": overview, "genres": (), "tags": ()})


def nothing_liked(words: DomainWords) -> str:
    """What is said of somebody who liked nothing."""
    if words.implicit:
        return f"Has not {words.done} {words.an_item} yet"
    return f"Has not rated {words.an_item} highly yet"


def genres_unknown(words: DomainWords) -> str:
    """What is said of somebody who liked items of which no genre is known."""
    liked = f"{words.done} some {words.items}"
    if not words.implicit:
        liked = f"rated some {words.items} highly"
    return f"Has {liked}, of which no genre is known"


def integrated_user(films: list[dict[str, Any]], words: DomainWords = FILMS) -> str:
    """The ablation's free-form summary, from the same items."""
    liked = "; ".join(
        f"{film['title']} ({' '.join(film['genres'])})" for film in films if film["liked"]
    )
    disliked = "; ".join(film["title"] for film in films if not film["liked"])
    begin = words.liked.capitalize() if words.implicit else "Likes"
    return " ".join(
        filter(
            None,
            (f"{begin} {liked}." if liked else "", f"Dislikes {disliked}." if disliked else ""),
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
    genres: tuple[str, ...],
    tags: tuple[str, ...],
    dislikes: tuple[str, ...],
    liked: bool,
    words: DomainWords,
) -> str:
    kinds = genres_unknown(words) if liked else nothing_liked(words)
    if genres and words.of_films:
        kinds = f"{words.enjoys} {', '.join(genres[:3]).lower()} {words.items}"
    elif genres:
        kinds = f"{words.enjoys} {words.items} in {', '.join(genres[:3])}"
    about = f", drawn to {', '.join(tags[:5])}" if tags else ""
    avoids = f"; turns away from {', '.join(dislikes[:3])}" if dislikes else ""
    return f"{kinds}{about}{avoids}."
