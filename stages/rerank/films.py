"""What the judge is shown of films and users: profiles and titles, never an id, a rating or who the user is."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from stages.contracts.rows import ItemProfile, UserProfile


@dataclass(frozen=True)
class Films:
    """Titles, years and profiles of all movies, by item row."""

    titles: Sequence[str]
    years: Sequence[int | None]
    profiles: Sequence[ItemProfile]

    @cached_property
    def row_of(self) -> dict[str, int]:
        """The row of each item id."""
        return {item.item_id: row for row, item in enumerate(self.profiles)}

    def shown(self, row: int) -> dict[str, Any]:
        """One film, without its id."""
        profile = self.profiles[row].profile
        return {
            "title": self.titles[row],
            "year": self.years[row],
            "genres": list(profile.genres),
            "tags": list(profile.tags),
        }


def shown_user(user: UserProfile, titles: Sequence[str]) -> dict[str, Any]:
    """The user's profile and the titles of liked films."""
    return {**user.profile.model_dump(mode="json"), "liked_films": list(titles)}
