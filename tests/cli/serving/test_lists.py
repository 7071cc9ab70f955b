"""The server gives the lists and reasons of `e2ep recommend` and `e2ep explain`."""

from pathlib import Path
from typing import Any

import pytest

from tests.cli.serving.conftest import Answers, by_command


def as_recommended(items: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    keys = ("rank", "title", "year", "genres")
    return [
        (
            *(item[key] for key in keys),
            item.get("item_id") or item["movie_id"],
            item["score"] if "score" in item else item["graph_score"],
        )
        for item in items
    ]


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ([], {}),
        (["-k", "2"], {"k": 2}),
        (["--strategy", "scored"], {"strategy": "scored"}),
        (["--model", "flat"], {"model": "flat"}),
        (["--genre", "crime", "-k", "1"], {"genre": "crime", "k": 1}),
        (["--year", "1994-1996", "-k", "3"], {"years": "1994-1996", "k": 3}),
    ],
)
def test_a_users_list_is_that_of_the_command(
    server: Answers, words: list[str], asked: dict[str, Any]
) -> None:
    told, said = (
        by_command("recommend", "--user", "u1", *words),
        server.get("/recommend", user="u1", **asked),
    )
    assert as_recommended(said["items"]) == as_recommended(told["items"])
    for key in ("user_id", "split", "model", "strategy", "matching", "left_out"):
        assert said[key] == told[key]


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        (["--liked", "heat"], {"liked": ["heat"]}),
        (
            ["--liked", "heat", "--liked", "m1", "--disliked", "dusk", "--age", "30"],
            {"liked": ["heat", "m1"], "disliked": ["dusk"], "age": 30},
        ),
        (["--liked", "heat", "--gender", "F"], {"liked": ["heat"], "gender": "F"}),
        (
            ["--liked", "heat", "--genre", "horror", "--year", "1991-1993"],
            {"liked": ["heat"], "genres": ["horror"], "years": "1991-1993"},
        ),
    ],
)
def test_a_newcomers_list_is_that_of_the_command(
    server: Answers, words: list[str], asked: dict[str, Any]
) -> None:
    told, said = by_command("recommend", *words), server.made("/recommend", **asked)
    assert as_recommended(said["items"]) == as_recommended(told["items"])
    assert (said["matching"], said["left_out"]) == (told["matching"], told["left_out"])


def reasons(items: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [
        (
            item["item_id"],
            item["reason"],
            [
                (c["attribute"], [f["item_id"] if isinstance(f, dict) else f for f in c["cited"]])
                for c in item["claims"]
            ],
            item.get("fused_score"),
            item["judge"],
        )
        for item in items
    ]


@pytest.mark.parametrize("strategy", ["none", "scored"])
def test_a_users_reasons_are_those_of_the_command(server: Answers, strategy: str) -> None:
    told = by_command("explain", "--user", "u1", "--strategy", strategy)
    said = server.get("/explain", user="u1", strategy=strategy)
    assert reasons(said["items"]) == reasons(told["items"])
    assert said["source"] == told["source"]
    assert said["person"]["overview"] == told["profile"]["overview"]
    assert [item["model_rank"] - 1 for item in said["items"]] == [
        item["graph_place"] for item in told["items"]
    ]


def test_a_newcomers_reasons_are_those_of_the_command(server: Answers) -> None:
    told = by_command("explain", "--liked", "heat", "--liked", "the thing", "--disliked", "dusk")
    said = server.made("/explain", liked=["heat", "the thing"], disliked=["dusk"])
    assert reasons(said["items"]) == reasons(told["items"])
    assert any(item["reason"] for item in said["items"])
    assert said["person"]["overview"] == told["profile"]["overview"]


def test_the_parts_of_a_newcomers_score_add_up_to_it(server: Answers) -> None:
    for item in server.made("/recommend", liked=["heat", "dusk"], disliked=["noon"])["items"]:
        assert sum(item["parts"].values()) == pytest.approx(item["score"], abs=1e-3)


def test_the_parts_of_a_users_score_are_the_stored_ones_by_their_weights(server: Answers) -> None:
    """Two training ratings and one on valid; κ is 2, α 1: the graph's 1 counts 3/5 of itself."""
    items = server.get("/recommend", user="u1")["items"]
    assert [item["parts"]["prior"] for item in items] == [0, 1, 2, 3, 4]
    assert {item["parts"]["graph"] for item in items} == {0.6}


def test_without_an_item_the_list_is_the_one_of_the_others(server: Answers) -> None:
    asked = {"liked": ["heat", "the thing"], "k": 3}
    listed = {item["item_id"] for item in server.made("/recommend", **asked)["items"]}
    changes = server.made("/without", **asked)["changes"]
    assert [change["without"]["name"] for change in changes] == ["Heat (1990)", "The Thing (1991)"]
    for change, other in zip(changes, ("the thing", "heat"), strict=True):
        rest = server.made("/recommend", liked=[other], k=3)["items"]
        left = {item["item_id"] for item in rest} - {change["without"]["item_id"]}
        assert {item["item_id"] for item in change["gone"]} == listed - left
        assert {item["item_id"] for item in change["new"]} == left - listed


def test_without_the_only_one_liked_there_is_no_list(server: Answers) -> None:
    (change,) = server.made("/without", liked=["heat"], k=3)["changes"]
    assert (len(change["gone"]), change["new"]) == (3, [])


def test_items_are_found_by_title_words_and_year(server: Answers) -> None:
    def names(typed: str) -> list[str]:
        return [item["title"] for item in server.get("/items", q=typed)["items"]]

    assert names("da") == ["Dawn"]
    assert names("TRA") == ["Night Train"]
    assert names("1992") == ["Dusk"]
    assert names("oarchrd") == ["Orchard"]
    assert names("")[0] == "Heat"  # the best known
    assert names("zzzz") == []


def test_users_are_found_by_their_first_letters(server: Answers) -> None:
    assert server.get("/users", q="u2") == {"total": 1, "users": [{"user_id": "u2", "ratings": 2}]}
    assert [user["user_id"] for user in server.get("/users", limit=1, offset=1)["users"]] == ["u2"]


def test_what_is_served_is_said(server: Answers) -> None:
    said = server.get("/about")
    assert (said["dataset"], said["items"], said["newcomers"]) == ("tiny", 8, ["e2ep"])
    made = {(one["model"], one["strategy"], one["explained"]) for one in said["rankings"]}
    assert made == {("e2ep", "none", True), ("e2ep", "scored", True), ("flat", "none", False)}
    assert said["genders"] == ["F", "M"]


@pytest.mark.usefixtures("server")
def test_no_request_reads_a_file(server: Answers, run_folder: Path) -> None:
    """The run is read once: lists and reasons are there when its files are not."""
    import shutil

    server.served.stop()
    shutil.rmtree(run_folder / "artifacts")
    assert server.get("/recommend", user="u1", strategy="scored")["items"]
    assert server.get("/explain", user="u1", strategy="scored")["items"]
    assert server.made("/explain", liked=["heat"], genres=["drama"])["items"]
