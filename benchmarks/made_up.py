"""Films and users for benchmarks/llm.py, with texts as long as MovieLens' profiles."""

import numpy as np

from stages.contracts.items import Item, ProfiledItems
from stages.contracts.rows import ItemProfile, Profile, UserProfile

N_FILMS = 1682
Case = tuple[int, np.ndarray]


def title(row: int) -> str:
    """As long as a film's."""
    return f"The Made-Up Film Number {row}"


def catalogue() -> ProfiledItems:
    """Films with three genres and twenty tags each."""
    profiles = [
        ItemProfile(item_id=f"{row}", profile=profile(row, 3), integrated="", source="made up")
        for row in range(N_FILMS)
    ]
    items = [Item(f"{row}", title(row), 1930 + row % 70) for row in range(N_FILMS)]
    return ProfiledItems(items, profiles)


def people(number: int) -> list[UserProfile]:
    """Users with eight genres, twenty tags and ten liked films each."""
    return [
        UserProfile(
            user_id=f"user {user}",
            profile=profile(user, 8),
            integrated="",
            source="made up",
            liked=tuple(str((user * 31 + n * 7) % N_FILMS) for n in range(10)),
            disliked=(),
        )
        for user in range(number)
    ]


def profile(number: int, genres: int) -> Profile:
    """A profile of the usual length, another one for each number."""
    return Profile(
        overview=f"Number {number}: "
        + "a slow and careful story of people who want more than they have. " * 3,
        genres=tuple(f"Genre {(number + n) % 19}" for n in range(genres)),
        tags=tuple(f"some theme {(number * 13 + n * 5) % 400}" for n in range(20)),
        description="It keeps its distance, trusts its actors and ends where others would begin. "
        * 5,
        dislikes=tuple(f"another theme {(number + n) % 50}" for n in range(5)),
    )


def case(user: int, size: int) -> Case:
    """A user and its candidates."""
    return user, np.random.default_rng([7, user]).permutation(N_FILMS)[:size]
