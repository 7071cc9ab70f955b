"""What a judge is shown: profiles and titles, never an id, a rating or who the user is."""

from collections.abc import Collection, Iterable
from typing import Any, Literal

from stages.contracts.items import Item
from stages.contracts.rows import Profile
from stages.contracts.words import FILMS, DomainWords

Detail = Literal["people", "overview", "description"]
"""What can be shown of an item besides title, year, genres and tags."""


def shown_item(item: Item, profile: Profile, details: Collection[Detail] = ()) -> dict[str, Any]:
    """An item as a candidate, or as evidence; details of which nothing is known are left out."""
    known = {
        "people": list(item.credited),
        "overview": profile.overview,
        "description": profile.description,
    }
    return {
        "title": item.title,
        "year": item.year,
        "genres": list(profile.genres),
        "tags": list(profile.tags),
        **{name: value for name, value in known.items() if name in details and value},
    }


def shown_user(
    profile: Profile,
    liked: Iterable[str],
    words: DomainWords = FILMS,
    recent: Iterable[str] = (),
) -> dict[str, Any]:
    """The user's profile and the titles of items that they liked, and of those liked last."""
    shown = {**profile.model_dump(mode="json"), f"liked_{words.key}": list(liked)}
    return shown | ({f"recent_{words.key}": last} if (last := list(recent)) else {})
