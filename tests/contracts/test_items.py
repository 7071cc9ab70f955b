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
    credited = ("Andrei Tarkovsky", "Natalya Bondarchuk")
    assert read_items(enriched) == [
        Item("17", "Solaris", 1972, ("Drama", "Sci-Fi"), people, credited=credited),
        Item("4", "Mud", None, (), frozenset()),
    ]


def test_of_the_people_two_directors_three_actors_and_two_creators_are_shown(
    tmp_path: Path,
) -> None:
    names = [f"P{n}" for n in range(9)]
    many = {"directors": names[:3], "cast": names[2:8], "creators": [*names[8:], "P0", "Q"]}
    row = BLANK | {"item_row": 0, "item_id": "1", "title": "Many"} | many
    write_table(tmp_path / "movies.parquet", pd.DataFrame([row]), ENRICHED)
    [item] = read_items(tmp_path / "movies.parquet")
    assert item.credited == ("P0", "P1", "P2", "P3", "P4", "P8")
    assert len(item.people) == 10


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


def test_details_of_a_candidate_are_shown_if_asked_for_and_known() -> None:
    item = Item("1", "Solaris", 1972, credited=("Andrei Tarkovsky",))
    plain = shown_item(item, PROFILE)
    shown = shown_item(item, PROFILE, ("overview", "people"))
    assert shown == plain | {"people": ["Andrei Tarkovsky"], "overview": "Set at sea."}
    undescribed = shown_item(item, PROFILE, ["description"])
    nobody = shown_item(Item("1", "Solaris", 1972), PROFILE, ["people"])
    assert undescribed == nobody == plain


def test_titles_liked_last_follow_those_liked_best_where_there_are_any() -> None:
    assert shown_user(PROFILE, ["Mud"], recent=[]) == shown_user(PROFILE, ["Mud"])
    shown = shown_user(PROFILE, ["Mud"], recent=iter(["Dusk", "Mud"]))
    assert list(shown.items())[-2:] == [("liked_films", ["Mud"]), ("recent_films", ["Dusk", "Mud"])]


def test_a_user_is_shown_as_a_profile_and_titles_in_this_order() -> None:
    shown = shown_user(PROFILE, iter(["Solaris", "Mud"]))
    assert list(shown) == [*Profile.model_fields, "liked_films"]
    assert shown["liked_films"] == ["Solaris", "Mud"]
