"""Which users a sheet shows, in which order, which side is left, and where the checks stand."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from e2ep_cli.reading.choice import RankingChoice, user_ids
from e2ep_cli.studying.key import KeyPair, StudyShow
from e2ep_cli.studying.sides import ListsOf, StudySides, UserList
from e2ep_cli.views.explained import profile_of
from stages.core.errors import InputError
from stages.core.seeds import generator

LEAST_LIKES = 3
"""How many likes it takes to imagine somebody's taste."""


@dataclass(frozen=True)
class SheetSize:
    """How much a sheet asks: pairs of lists, checks among them, items of a list, and likes."""

    pairs: int
    checks: int
    k: int
    likes: int


@dataclass(frozen=True)
class DrawnUser:
    """A user, what they like by item id, and their two lists."""

    user_id: str
    likes: tuple[str, ...]
    lists: tuple[UserList, UserList]


@dataclass(frozen=True)
class DrawnUsers:
    """Enough users for a sheet; how many were passed over as both sides give them the same."""

    users: list[DrawnUser]
    alike: int

    @property
    def looked_at(self) -> int:
        """Users who have both lists and likes."""
        return len(self.users) + self.alike


@dataclass(frozen=True)
class DrawnPair:
    """A pair as it stands on the sheet, A before B, and its line of the key."""

    key: KeyPair
    likes: tuple[str, ...]
    lists: tuple[UserList, UserList]


def draw_study_users(
    sides: StudySides, lists: ListsOf, shows: StudyShow, size: SheetSize, seed: int
) -> DrawnUsers:
    """Users in a drawn order who like something, and to whom the sides give different lists."""
    wanted, passed = size.pairs + size.checks, 0
    order = user_ids(sides.first)
    generator(seed, "study users", *sides.names, shows).shuffle(order)
    users: list[DrawnUser] = []
    for user in order:
        first, second = lists(user)
        likes = _likes(sides.first, user)[: size.likes] if first and second else ()
        if len(likes) < min(LEAST_LIKES, size.likes):
            continue
        if first == second:
            passed += 1
            continue
        users.append(DrawnUser(user, likes, (first, second)))
        if len(users) == wanted:
            return DrawnUsers(users, passed)
    raise InputError(
        f"{size.pairs} pairs and {size.checks} checks need {wanted} users, but of {len(order)} "
        f"only {len(users)} have {LEAST_LIKES} likes and two lists of {size.k} that differ, and "
        f"{passed} get the same from both sides; ask for fewer --pairs, a smaller -k or other sides"
    )


def draw_pairs(
    drawn: Sequence[DrawnUser], size: SheetSize, rng: np.random.Generator
) -> list[DrawnPair]:
    """The pairs of a sheet in order: each side is A in half of them, and the first is no check."""
    lefts = rng.permutation(np.arange(size.pairs) % 2).tolist()
    pairs = [
        _pair(user, "second" if left else "first")
        for user, left in zip(drawn[: size.pairs], lefts, strict=True)
    ]
    total = size.pairs + size.checks
    places = sorted(rng.choice(np.arange(1, total), size.checks, replace=False).tolist())
    for nth, (place, user) in enumerate(zip(places, drawn[size.pairs :], strict=True)):
        pairs.insert(place, _check(user, bool(nth % 2), rng))
    return [
        DrawnPair(pair.key.model_copy(update={"pair": number}), pair.likes, pair.lists)
        for number, pair in enumerate(pairs, 1)
    ]


def _pair(user: DrawnUser, left: str) -> DrawnPair:
    first, second = user.lists
    lists = (first, second) if left == "first" else (second, first)
    key = KeyPair.model_validate({"pair": 0, "user_id": user.user_id, "left": left})
    return DrawnPair(key, user.likes, lists)


def _check(user: DrawnUser, instructed: bool, rng: np.random.Generator) -> DrawnPair:
    """One list twice, which makes no difference; or a pair that says what to answer."""
    pair = _pair(user, str(rng.choice(["first", "second"])))
    if instructed:
        right = {"check": "instructed", "right": str(rng.choice(["A", "B"]))}
        return DrawnPair(pair.key.model_copy(update=right), pair.likes, pair.lists)
    right = {"check": "identical", "right": "none"}
    shown = pair.lists[0]
    return DrawnPair(pair.key.model_copy(update=right), pair.likes, (shown, shown))


def _likes(choice: RankingChoice, user: str) -> tuple[str, ...]:
    return profile_of(choice, user).liked
