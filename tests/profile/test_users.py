"""Multi-turn refinement: what each turn is shown, and what happens to an unusable answer."""

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from typing import Any

from stages.contracts.items import Item, ProfiledItems
from stages.contracts.rows import ItemProfile, Profile, UserProfile
from stages.llm.chat import Reply
from stages.llm.providers.offline import LABEL, Offline
from stages.profile.history import History
from stages.profile.user import user_rule
from stages.profile.users import no_rating, user_profiles

SAID = Profile(
    overview="Said.", genres=("Genre 0",), tags=("tag 0",), description="", dislikes=("tag 1",)
)


def catalogue(movies: list[ItemProfile]) -> ProfiledItems:
    items = [Item(movie.item_id, f"Title {row}") for row, movie in enumerate(movies)]
    return ProfiledItems(items, movies)


def profiled(
    movies: list[ItemProfile], history: History, model: Any, published: Any = None
) -> UserProfile:
    made = user_profiles(["anna"], {0: history}, catalogue(movies), published or {}, model, 5)
    return asyncio.run(made)[0]


def test_batches_of_five_liked_before_disliked(
    movies: list[ItemProfile], scripted: Callable[..., Any]
) -> None:
    model = scripted(SAID.model_dump_json())
    profiled(movies, History(tuple(range(7)), (7, 8)), model)
    shown = [
        [(film["title"], film["liked"]) for film in task.payload["films"]] for task in model.tasks
    ]
    liked, disliked = (
        [(f"Title {row}", flag) for row in rows]
        for rows, flag in ((range(7), True), ((7, 8), False))
    )
    assert shown == [liked[:5], liked[5:], disliked]


def test_each_turn_is_given_the_profile_so_far(
    movies: list[ItemProfile], scripted: Callable[..., Any]
) -> None:
    answers = [SAID.model_copy(update={"overview": f"Turn {turn}."}) for turn in range(3)]
    model = scripted(*(answer.model_dump_json() for answer in answers))
    row = profiled(movies, History(tuple(range(7)), (7,)), model)
    assert [
        task.payload["profile"] and task.payload["profile"]["overview"] for task in model.tasks
    ] == [
        None,
        "Turn 0.",
        "Turn 1.",
    ]
    assert row.profile == answers[2]


def test_each_turn_carries_the_conversation_before_it(
    movies: list[ItemProfile], scripted: Callable[..., Any]
) -> None:
    model = scripted(SAID.model_dump_json())
    profiled(movies, History(tuple(range(7)), ()), model)
    first, second = (task.messages() for task in model.tasks)
    assert second[:2] == first
    assert [message.role for message in second] == ["system", "user", "assistant", "user"]
    assert json.loads(second[2].content) == SAID.model_dump(mode="json")


def test_no_turn_holds_an_id(movies: list[ItemProfile], scripted: Callable[..., Any]) -> None:
    model = scripted(SAID.model_dump_json())
    profiled(movies, History(tuple(range(7)), (7, 8)), model)
    said = " ".join(message.content for task in model.tasks for message in task.messages())
    assert "film-" not in said
    assert "anna" not in said


def test_the_rows_used_are_recorded_as_ids(
    movies: list[ItemProfile], scripted: Callable[..., Any]
) -> None:
    row = profiled(movies, History((3, 1), (2,)), scripted(SAID.model_dump_json()))
    assert (row.liked, row.disliked, row.source) == (
        ("film-3", "film-1"),
        ("film-2",),
        "scripted, prompt user-1",
    )


def test_an_invalid_answer_falls_back_to_the_rule_and_says_so(
    movies: list[ItemProfile], scripted: Callable[..., Any]
) -> None:
    model = scripted("I would rather not.")
    row = profiled(movies, History((0, 1), ()), model)
    assert row.source == "offline rules after invalid"
    assert row.profile == user_rule(model.tasks[0].payload)


def test_a_refusal_in_any_turn_is_named_beside_the_model(
    movies: list[ItemProfile], scripted: Callable[..., Any]
) -> None:
    refused = Reply(text="", model="scripted", outcome="refused")
    row = profiled(movies, History(tuple(range(7)), ()), scripted(refused, SAID.model_dump_json()))
    assert row.source == "offline rules after refused + scripted, prompt user-1"


def test_a_user_without_ratings_gets_the_empty_profile_and_nobody_is_asked(
    movies: list[ItemProfile], scripted: Callable[..., Any]
) -> None:
    model = scripted(SAID.model_dump_json())
    row = profiled(movies, History((), ()), model)
    assert (row.profile, row.source, row.integrated, model.tasks) == (
        no_rating(),
        "no rating",
        no_rating().overview,
        [],
    )


def test_a_published_profile_is_taken_and_nobody_is_asked(
    movies: list[ItemProfile], scripted: Callable[..., Any]
) -> None:
    model = scripted(SAID.model_dump_json())
    row = profiled(movies, History((0,), ()), model, {"anna": SAID})
    assert (row.profile, row.source, model.tasks) == (SAID, "published", [])


def test_the_offline_provider_is_labelled(movies: list[ItemProfile]) -> None:
    assert profiled(movies, History((0,), ()), Offline()).source == LABEL


def test_words_that_no_film_shown_so_far_has_are_dropped_and_counted(
    movies: list[ItemProfile], scripted: Callable[..., Any]
) -> None:
    said = SAID.model_copy(
        update={"genres": ("GENRE 0", "Noir"), "tags": ("tag 5", "tag 9"), "dislikes": ("sun",)}
    )
    films, dropped = catalogue(movies), Counter[str]()
    history, model = {0: History(tuple(range(7)), ())}, scripted(said.model_dump_json())
    (row,) = asyncio.run(user_profiles(["anna"], history, films, {}, model, 5, dropped=dropped))
    assert model.tasks[1].payload["profile"]["tags"] == []
    assert (row.profile.genres, row.profile.tags, row.profile.dislikes) == (
        ("GENRE 0",),
        ("tag 5",),
        (),
    )
    assert dropped == {"anna": 4 + 3}


def test_who_liked_nothing_is_described_by_dislikes_and_the_overview_says_so(
    movies: list[ItemProfile], scripted: Callable[..., Any]
) -> None:
    model = scripted(SAID.model_dump_json())
    profile = profiled(movies, History((), (0, 1, 2, 3, 4, 5)), model).profile
    assert (profile.genres, profile.tags, profile.dislikes) == ((), (), ("tag 1",))
    assert profile.overview == "Has not rated a film highly yet. Said."
    assert "Where no film is liked" in model.tasks[0].instructions


def test_the_offline_rule_says_so_too(movies: list[ItemProfile]) -> None:
    profile = profiled(movies, History((), (0,)), Offline()).profile
    assert profile.overview == "Has not rated a film highly yet; turns away from Genre 0, tag 0."
    assert (profile.genres, profile.tags) == ((), ())


def test_the_rules_words_are_the_films_own(movies: list[ItemProfile]) -> None:
    films, dropped = catalogue(movies), Counter[str]()
    history = {0: History(tuple(range(7)), (8, 9))}
    asyncio.run(user_profiles(["anna"], history, films, {}, Offline(), 2, dropped=dropped))
    assert dropped.total() == 0
