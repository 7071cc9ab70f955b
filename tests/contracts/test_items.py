"""Items as they are read from the enriched table and shown."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from stages.contracts.items import Item, ProfiledItems, read_items, read_profiled
from stages.contracts.rows import ENRICHED, ItemProfile, Profile
from stages.contracts.shown import shown_item, shown_user
from stages.core.tables import write_jsonl, write_table

BLANK: dict[str, Any] = dict.fromkeys(ENRICHED.names)
PROFILE = Profile(
    overview="Set at sea.", genres=("Drama",), tags=("sea",), description="", dislikes=("gore",)
)


@pytest.fixture
def enriched(tmp_path: Path) -> Path:
    """An item with all that is shown, and one of which nothing but the title is known."""
    known = {
        "item_row": 0,
        "item_id": "17",
        "title": "Solaris",
        "year": 1972,
        "genres": ["Drama", "Sci-Fi"],
        "directors": ["Andrei Tarkovsky"],
        "cast": ["Natalya Bondarchuk", "ANDREI TARKOVSKY"],
    }
    bare = {"item_row": 1, "item_id": "4", "title": "Mud"}
    write_table(tmp_path / "movies.parquet", pd.DataFrame([BLANK | known, BLANK | bare]), ENRICHED)
    return tmp_path / "movies.parquet"


def test_items_are_read_by_row_with_people_casefolded(enriched: Path) -> None:
    people = frozenset({"andrei tarkovsky", "natalya bondarchuk"})
    assert read_items(enriched) == [
        Item("17", "Solaris", 1972, ("Drama", "Sci-Fi"), people),
        Item("4", "Mud", None, (), frozenset()),
    ]


@pytest.mark.parametrize(
    ("item", "name"), [(Item("1", "Solaris", 1972), "Solaris (1972)"), (Item("2", "Mud"), "Mud")]
)
def test_a_name_is_the_title_and_the_year_where_it_is_known(item: Item, name: str) -> None:
    assert item.name == name


def test_the_row_of_an_id_is_its_place_in_the_table(enriched: Path, tmp_path: Path) -> None:
    profiles = [
        ItemProfile(item_id=item, profile=PROFILE, integrated="", source="") for item in ("17", "4")
    ]
    write_jsonl(tmp_path / "items.jsonl", profiles)
    catalogue = read_profiled(enriched, tmp_path / "items.jsonl")
    assert catalogue == ProfiledItems(read_items(enriched), profiles)
    assert catalogue.row_of == {"17": 0, "4": 1}


def test_a_judge_is_shown_the_profiles_genres_and_no_id() -> None:
    item = Item("id-17", "Solaris", 1972, ("Sci-Fi",), frozenset({"andrei tarkovsky"}))
    shown = shown_item(item, PROFILE)
    assert list(shown.items()) == [
        ("title", "Solaris"),
        ("year", 1972),
        ("genres", ["Drama"]),
        ("tags", ["sea"]),
    ]


def test_a_user_is_shown_as_a_profile_and_titles_in_this_order() -> None:
    shown = shown_user(PROFILE, iter(["Solaris", "Mud"]))
    assert list(shown) == [*Profile.model_fields, "liked_films"]
    assert shown["liked_films"] == ["Solaris", "Mud"]
