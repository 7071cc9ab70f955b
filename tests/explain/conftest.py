"""Six films, users who liked some of them, and the claims that a test names."""

from collections.abc import Callable, Sequence

import pytest

from stages.contracts.items import Item, ProfiledItems
from stages.contracts.reasons import RawClaim, RawItem, RawReasons
from stages.contracts.rows import Explanation, ItemProfile, Profile, UserProfile
from stages.explain.lists import RankedItem
from stages.explain.reasons import Explainer

FILMS = {
    "heat": ("Vault at Noon", ("Crime", "Drama"), ("heist", "1990s", "Ada Marsh")),
    "sea": ("The Grey Harbour", ("Drama",), ("sea", "heist", "1950s")),
    "war": ("Mud", ("War", "Drama"), ("sea", "Ada Marsh")),
    "toy": ("Tin Parade", ("Comedy",), ("toys", "1990s")),
    "job": ("The Last Job", ("Crime", "Comedy"), ("heist", "sea", "1990s", "Ada Marsh")),
    "ice": ("White Silence", ("Horror",), ("ice",)),
}
PEOPLE = {
    "heat": frozenset({"ada marsh", "bo lund"}),
    "war": frozenset({"ada marsh"}),
    "job": frozenset({"ada marsh", "bo lund"}),
}
"""Ada Marsh is a tag too; of Bo Lund no profile speaks."""
ROWS = {item: row for row, item in enumerate(FILMS)}
Said = Sequence[tuple[str, Sequence[str]]]


def claim(attribute: str, cited: Sequence[str]) -> RawClaim:
    """A claim; cited words that are no film's id are foreign labels."""
    known = tuple(word for word in cited if word in FILMS)
    return RawClaim(
        attribute=attribute, cited=known, foreign=tuple(word for word in cited if word not in FILMS)
    )


@pytest.fixture
def explained() -> Callable[..., Explanation]:
    """Explain the named films to a user, with the claims made of each."""
    profiles = [
        ItemProfile(
            item_id=item,
            profile=Profile(overview="", genres=genres, tags=tags, description="", dislikes=()),
            integrated="",
            source="made up",
        )
        for item, (_, genres, tags) in FILMS.items()
    ]
    items = [
        Item(item, title, people=PEOPLE.get(item, frozenset()))
        for item, (title, *_) in FILMS.items()
    ]
    catalogue = ProfiledItems(items, profiles)

    def explain(user: UserProfile, said: dict[str, Said], claims: int = 3) -> Explanation:
        places = [RankedItem(ROWS[film], 2.0 - n, n, 0.5) for n, film in enumerate(said)]
        items = tuple(
            RawItem(item_id=film, claims=tuple(claim(*one) for one in told))
            for film, told in said.items()
        )
        raw = RawReasons(
            user_id=user.user_id, outcome="answered", model="made up", items=items[::-1]
        )
        return Explainer(catalogue, claims, "gat", "scored").explain(user, places, raw)

    return explain


@pytest.fixture
def user() -> Callable[..., UserProfile]:
    """Build a user who liked these films, with the genres and tags of a profile."""

    def build(
        *liked: str, genres: tuple[str, ...] = ("Crime", "Drama"), tags: tuple[str, ...] = ()
    ) -> UserProfile:
        taste = Profile(
            overview="",
            genres=genres,
            tags=tags or ("heist", "sea", "1990s", "Ada Marsh"),
            description="",
            dislikes=(),
        )
        return UserProfile(
            user_id="anna",
            profile=taste,
            integrated="",
            source="made up",
            liked=liked,
            disliked=("toy",),
        )

    return build
