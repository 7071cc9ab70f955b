"""What moved between two trees of numbers, worst first."""

import math
from typing import Any

import pytest

from e2ep_cli.gating.changes import Change, changes_between
from e2ep_cli.gating.limits import Limit, MetricLimits

LIMITS = MetricLimits(
    {
        "cost/*": Limit(direction="ignore"),
        "*gini": Limit(direction="lower"),
        "*users": Limit(absolute=0, direction="equal"),
        "*": Limit(absolute=0.002, direction="higher"),
    }
)


def states(before: dict[str, Any], after: dict[str, Any]) -> dict[str, str]:
    return {one.key: one.state for one in changes_between(before, after, LIMITS)}


@pytest.mark.parametrize(
    ("name", "before", "after", "state"),
    [
        ("ndcg", 0.5, 0.497, "worse"),
        ("ndcg", 0.5, 0.503, "better"),
        ("gini", 0.5, 0.503, "worse"),
        ("gini", 0.5, 0.497, "better"),
        ("users", 400, 401, "changed"),
        ("judge", "rules", "a model", "changed"),
        ("ndcg", 0.5, None, "changed"),
    ],
)
def test_the_direction_says_what_a_move_beyond_the_limit_is(
    name: str, before: Any, after: Any, state: str
) -> None:
    assert states({"a": {name: before}}, {"a": {name: after}}) == {f"a/{name}": state}


def test_a_move_of_exactly_the_limit_passes() -> None:
    assert states({"ndcg": 0.31448, "gini": 0.3}, {"ndcg": 0.31248, "gini": 0.302}) == {}


def test_a_branch_that_went_or_came_is_named_once_at_its_root() -> None:
    before, after = {"ease": {"fold-1": {"ndcg": 0.1}}}, {"ials": {"fold-1": {"ndcg": 0.1}}}
    assert states({"s": before}, {"s": after}) == {"s/ease": "missing", "s/ials": "new"}


def test_a_metric_that_became_null_is_no_missing_one_and_one_that_was_null_can_go_missing() -> None:
    assert states({"a": None}, {}) == {"a": "missing"}
    assert states({}, {"a": None}) == {"a": "new"}


def test_a_number_in_the_place_of_a_branch_is_a_change() -> None:
    assert states({"a": {"b": 1.0}}, {"a": 1.0}) == {"a": "changed"}


def test_ignored_metrics_may_move_go_and_come() -> None:
    assert states({"cost": {"a": 1, "b": 2}}, {"cost": {"a": 5, "c": 2}}) == {}


def test_an_ignored_file_must_still_be_there() -> None:
    assert states({"cost": {"a": 1}}, {}) == {"cost": "missing"}


def test_worst_first() -> None:
    before = {"a": 0.5, "b": 0.5, "c": 0.5, "d": 0.5}
    assert list(states(before, {"b": 0.49, "c": 0.4, "d": 0.6, "e": 1.0})) == [
        "a",
        "c",
        "b",
        "d",
        "e",
    ]


def test_times_counts_limits() -> None:
    (one,) = changes_between({"ndcg": 0.5}, {"ndcg": 0.49}, LIMITS)
    assert one.times == pytest.approx(5)
    (exact,) = changes_between({"users": 4}, {"users": 5}, LIMITS)
    assert exact.times == math.inf


def test_better_and_new_are_no_failures() -> None:
    assert [
        Change("k", state).fails for state in ("missing", "worse", "changed", "better", "new")
    ] == [  # type: ignore[arg-type]
        True,
        True,
        True,
        False,
        False,
    ]
