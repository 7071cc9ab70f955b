"""Which claims are grounded.

The attribute is in both profiles, and the evidence was liked in training and has it too. A person
is an attribute of the items that name them, and of a user who liked one of these.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from stages.contracts.reasons import RawClaim
from stages.contracts.rows import ItemProfile, Profile, UserProfile

Fault = Literal[
    "film lacks it", "user lacks it", "no evidence", "foreign evidence", "evidence lacks it"
]

_NOBODY: Mapping[str, frozenset[str]] = {}


@dataclass(frozen=True)
class Grounds:
    """What the claims made to one user are checked against; all words are casefolded."""

    items: Mapping[str, frozenset[str]]
    """By item id."""
    user: frozenset[str]
    liked: frozenset[str]

    def fault(self, item_id: str, claim: RawClaim) -> Fault | None:
        """The first thing wrong with a claim about an item; None where it is grounded."""
        word = claim.attribute.casefold()
        if word not in self.items[item_id]:
            return "film lacks it"
        if word not in self.user:
            return "user lacks it"
        if not claim.cited and not claim.foreign:
            return "no evidence"
        if claim.foreign or not self.liked.issuperset(claim.cited):
            return "foreign evidence"
        if not all(word in self.items[item] for item in claim.cited):
            return "evidence lacks it"
        return None


def grounds_of(
    items: Mapping[str, frozenset[str]],
    user: UserProfile,
    people: Mapping[str, frozenset[str]] = _NOBODY,
) -> Grounds:
    """What claims made to `user` are checked against.

    items: as `words_of_items` has them. people: those of each item, casefolded, by item id.
    """
    known = frozenset[str]().union(*(people.get(item, ()) for item in user.liked))
    return Grounds(items, attributes(user.profile) | known, frozenset(user.liked))


def words_of_items(
    items: Iterable[ItemProfile], people: Mapping[str, frozenset[str]] = _NOBODY
) -> dict[str, frozenset[str]]:
    """The attributes of each item and its people, by item id."""
    return {
        item.item_id: attributes(item.profile) | people.get(item.item_id, frozenset())
        for item in items
    }


def attributes(profile: Profile) -> frozenset[str]:
    """Genres and tags, casefolded."""
    return frozenset(word.casefold() for word in (*profile.genres, *profile.tags))
