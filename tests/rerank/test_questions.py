"""The offline rules: a match by hand, and laws of it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.rerank.questions import (
    match,
    order_rule,
    order_task,
    pick_rule,
    pick_task,
    score_rule,
    score_task,
)

USER = {"genres": ["Drama", "War"], "tags": ["sea", "mud"], "dislikes": ["gore"]}


def film(
    genres: list[str], tags: list[str], title: str = "A", label: str = "F01"
) -> dict[str, Any]:
    return {"label": label, "title": title, "year": 1999, "genres": genres, "tags": tags}


@pytest.mark.parametrize(
    ("genres", "tags", "expected"),
    [
        ([], [], 50),
        (["drama"], [], 80),
        (["War", "Comedy"], [], 50 + 30 * 0.75 / 2),
        ([], ["Sea", "MUD"], 50 + 12 * 1.75),
        (["Drama"], ["gore"], 65),
        (["Drama"], ["sea", "mud"], 100),
    ],
)
def test_match_by_hand(genres: list[str], tags: list[str], expected: float) -> None:
    """The first of n wanted words weighs 1, the place p weighs 1 − p/2n."""
    assert match(USER, film(genres, tags)) == pytest.approx(expected, abs=0.05)


WORDS = st.lists(st.sampled_from(["Drama", "War", "sea", "mud", "gore", "ice"]), max_size=12)


@given(WORDS, WORDS, WORDS, WORDS, WORDS)
def test_a_match_is_between_0_and_100(
    a: list[str], b: list[str], c: list[str], d: list[str], e: list[str]
) -> None:
    assert 0 <= match({"genres": a, "tags": b, "dislikes": c}, film(d, e)) <= 100


FILMS = [
    film(["Drama"], [], "B", "F01"),
    film([], ["gore"], "C", "F02"),
    film(["Drama"], [], "A", "F03"),
]


def test_order_goes_by_match_then_title() -> None:
    assert order_rule({"user": USER, "candidates": FILMS}).order == ["F03", "F01", "F02"]


def test_order_does_not_depend_on_the_order_shown() -> None:
    assert order_rule({"user": USER, "candidates": FILMS[::-1]}).order == ["F03", "F01", "F02"]


def test_scores_are_the_matches() -> None:
    scores = score_rule({"user": USER, "candidates": FILMS}).scores
    assert [(one.label, one.score) for one in scores] == [("F01", 80), ("F02", 35), ("F03", 80)]


def test_the_pick_is_the_first_of_the_order_whatever_is_shown_first() -> None:
    assert [
        pick_rule({"user": USER, "candidates": films}).best for films in (FILMS, FILMS[::-1])
    ] == ["F03", "F03"]


@pytest.mark.parametrize("task_of", [order_task, score_task, pick_task])
def test_all_questions_about_a_user_begin_alike_so_that_a_server_can_keep_the_prefix(
    task_of: Any,
) -> None:
    system, asked = (message.content for message in task_of(USER, FILMS).messages())
    assert system
    assert asked.startswith('{"user": {"genres": ["Drama", "War"]')


def test_a_varied_order_has_another_kind_among_its_first_ten() -> None:
    """Twelve dramas alike match best, a war film less (72.5 of 92) and a disliked one least (35).

    After the first drama the war film brings most, ½ · (72.5 − 35) / (92 − 35) − 0, where another
    drama brings ½ − ½ · 1 = 0; the disliked film brings 0 throughout. Those chosen stand by match.
    """
    films = [film(["Drama"], ["sea"], f"D{n:02d}", f"F{n:02d}") for n in range(12)]
    films.insert(5, film(["War"], [], "War", "F99"))
    films.insert(0, film(["Horror"], ["gore"], "Axe", "F98"))
    user = {"genres": ["Drama", "War"], "tags": ["sea"], "dislikes": ["gore"]}
    plain, varied = (order_task(user, films, diverse=diverse) for diverse in (False, True))
    likeliest = [f"F{n:02d}" for n in range(12)]
    assert plain.rule(plain.payload).order == [*likeliest, "F99", "F98"]
    assert varied.rule(varied.payload).order == [*likeliest[:9], "F99", *likeliest[9:], "F98"]
    shuffled = {**varied.payload, "candidates": films[::-1]}
    assert varied.rule(shuffled) == varied.rule(varied.payload)
    assert sorted(varied.rule({**varied.payload, "candidates": films[:1]}).order) == ["F98"]


def test_a_reranker_s_scores_become_a_varied_order_too() -> None:
    films = [film(["Drama"], ["sea"], f"D{n:02d}", f"F{n:02d}") for n in range(12)]
    films.append(film(["War"], [], "War", "F99"))
    task = order_task(USER | {"liked_films": []}, films, diverse=True)
    assert task.relevance
    scores = [0.9 - n / 100 for n in range(12)] + [0.78]
    order = task.relevance(task.payload).answer(scores).order
    assert order.index("F99") == 9


def test_only_a_varied_order_is_asked_for_in_other_words() -> None:
    plain, varied = (order_task(USER, FILMS, diverse=diverse) for diverse in (False, True))
    assert plain.payload == varied.payload
    assert "least like" in varied.instructions
    assert "least like" not in plain.instructions
