"""Items of which only the id is known: nobody is asked about them, and all have one text."""

import asyncio
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from stages.contracts.items import Item, ProfiledItems
from stages.contracts.rows import ENRICHED, ItemProfile, UserProfile
from stages.llm.providers.offline import Offline
from stages.profile.history import History
from stages.profile.items import item_profiles
from stages.profile.unknown import NOTHING_KNOWN
from stages.profile.users import user_profiles

LISTS = ("aliases", "genres", "keywords", "directors", "cast", "creators")


def enriched(*rows: dict[str, Any]) -> pd.DataFrame:
    blank = dict.fromkeys(ENRICHED.names) | {name: [] for name in LISTS}
    return pd.DataFrame([blank | {"item_row": n} | row for n, row in enumerate(rows)])


def profiled(*rows: dict[str, Any], model: Any = None) -> list[ItemProfile]:
    return asyncio.run(item_profiles(enriched(*rows), {}, model or Offline()))


def test_items_known_by_id_alone_have_one_profile(scripted: Callable[..., Any]) -> None:
    model = scripted()
    rows = [{"item_id": each, "title": f"place {each}"} for each in ("17", "B0001X")]
    one, other = profiled(*rows, model=model)
    assert (one.profile, one.integrated) == (other.profile, other.integrated)
    assert one.source == NOTHING_KNOWN
    assert model.tasks == []


@pytest.mark.parametrize(
    "row",
    [
        {"title": "place 17", "genres": ["War"]},
        {"title": "place 17", "year": 1990},
        {"title": "place 17", "overview": "A story."},
        {"title": "A place 17"},
        {"title": "17"},
        {"title": "place 170"},
    ],
)
def test_an_item_of_which_anything_is_known_has_its_own(row: dict[str, Any]) -> None:
    (made,) = profiled({"item_id": "17", **row})
    assert made.source != NOTHING_KNOWN
    assert row["title"] in made.integrated


def users_of(model: Any, *histories: History) -> list[UserProfile]:
    bare = profiled({"item_id": "1", "title": "item 1"}, {"item_id": "2", "title": "item 2"})
    (known,) = profiled({"item_id": "3", "title": "Stalker", "genres": ["Drama"]})
    items = [Item("1", "item 1"), Item("2", "item 2"), Item("3", "Stalker")]
    catalogue = ProfiledItems(items, [*bare, known])
    ids = [f"u{n}" for n in range(len(histories))]
    return asyncio.run(
        user_profiles(ids, dict(enumerate(histories)), catalogue, {}, model, batch=5)
    )


def test_users_of_unknown_items_have_one_profile(scripted: Callable[..., Any]) -> None:
    model = scripted()
    one, other = users_of(model, History((0,), ()), History((1, 0), ()))
    assert (one.profile, one.integrated) == (other.profile, other.integrated)
    assert (one.liked, other.liked) == (("1",), ("2", "1"))
    assert one.source == NOTHING_KNOWN
    assert model.tasks == []


def test_unknown_items_are_not_shown_beside_known_ones() -> None:
    (made,) = users_of(Offline(), History((0, 2), ()))
    assert made.profile.genres == ("Drama",)
    assert "item 1" not in made.model_dump_json()
    assert made.liked == ("1", "3")


def test_a_user_without_ratings_is_told_from_one_of_unknown_items() -> None:
    one, other = users_of(Offline(), History((), ()), History((0,), ()))
    assert one.profile != other.profile
