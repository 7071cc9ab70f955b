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
