"""Records of unlike runs are distinguished, and what differs is named."""

from typing import Any

import pytest

from e2ep_cli.gating.alike import record_differences
from stages.contracts.metrics.record import RunRecord

RECORD: dict[str, Any] = {
    "data": {"ratings.csv": "a1", "movies.csv": "b1"},
    "seed": 7,
    "params": {"train": "t1", "embed": "e1"},
    "models": ["ease"],
    "splits": ["fold-1", "fold-2"],
    "answered_by": ["offline rules"],
    "versions": {"numpy": "2.4"},
}


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return record_differences(RunRecord(**before), RunRecord(**after))


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"data": {"ratings.csv": "a2", "movies.csv": "b1"}}, "data (ratings.csv)"),
        ({"data": {"ratings.csv": "a1"}}, "data (movies.csv)"),
        ({"seed": 8}, "seed (7 and 8)"),
        ({"params": {"train": "t2", "embed": "e1"}}, "parameters (train)"),
        ({"answered_by": ["gpt-4o-mini"]}, "the models that answered"),
        ({"splits": ["temporal"]}, "splits (fold-1, fold-2 and temporal)"),
    ],
)
def test_what_differs_is_named(changed: dict[str, Any], named: str) -> None:
    assert differences(RECORD, RECORD | changed) == [named]


@pytest.mark.parametrize(
    "same", [{"versions": {"numpy": "2.5"}}, {"splits": ["fold-2", "temporal"]}]
)
def test_other_versions_and_some_other_splits_are_alike(same: dict[str, Any]) -> None:
    assert differences(RECORD, RECORD | same) == []


def test_the_hash_of_a_section_says_nothing_where_other_models_are_part_of_it() -> None:
    more = {"models": ["ease", "ials"], "params": {"train": "t2", "embed": "e1"}}
    assert differences(RECORD, RECORD | more) == []


def test_explanations_compared_in_one_run_alone_are_listed_by_what_they_brought() -> None:
    on = {"compared": ["scored-none"], "params": RECORD["params"] | {"compare": "c1"}}
    assert differences(RECORD, RECORD | on) == []
    other = on | {"params": RECORD["params"] | {"compare": "c2"}}
    assert differences(RECORD | on, RECORD | other) == ["parameters (compare)"]
