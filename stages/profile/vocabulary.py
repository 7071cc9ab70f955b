"""A user's profile only uses words of the films shown so far; others are dropped (paper, §3)."""

from typing import Any

from stages.contracts.rows import Profile

_LISTS = ("genres", "tags", "dislikes")


def words_of(films: list[dict[str, Any]]) -> frozenset[str]:
    """Genres and tags of films as a turn shows them, casefolded."""
    return frozenset(word.casefold() for film in films for word in (*film["genres"], *film["tags"]))


def restricted(profile: Profile, words: frozenset[str]) -> tuple[Profile, int]:
    """The profile without foreign genres, tags and dislikes, and how many there were."""
    kept = {
        name: tuple(word for word in getattr(profile, name) if word.casefold() in words)
        for name in _LISTS
    }
    foreign = sum(len(getattr(profile, name)) - len(kept[name]) for name in _LISTS)
    return profile.model_copy(update=kept), foreign
