"""What a judge is shown: profiles and titles, never an id, a rating or who the user is."""

from collections.abc import Iterable
from typing import Any

from stages.contracts.items import Item
from stages.contracts.rows import Profile
from stages.contracts.words import FILMS, DomainWords


def shown_item(item: Item, profile: Profile) -> dict[str, Any]:
    """An item as a candidate, or as evidence."""
    return {
        "title": item.title,
        "year": item.year,
        "genres": list(profile.genres),
        "tags": list(profile.tags),
    }


def shown_user(
    profile: Profile, liked: Iterable[str], words: DomainWords = FILMS
) -> dict[str, Any]:
    """The user's profile and the titles of items that they liked."""
    return {**profile.model_dump(mode="json"), f"liked_{words.key}": list(liked)}
