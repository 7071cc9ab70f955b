"""Split names: the known ones pass, any other is refused by name."""

from typing import Any

import pytest

from stages.contracts.splits import (
    NAMES,
    Further,
    Shown,
    checked_names,
    every_split,
    further,
    known_split,
    shown,
)
from stages.core.errors import ParamError


def test_four_families_of_five_and_four_splits_alone_are_known() -> None:
    checked_names(list(NAMES))
    assert len(set(NAMES)) == 24
    assert {"fold-1", "cold-users-5", "cold-items-3", "new-users-2"} <= set(NAMES)
    assert {"temporal", "global", "last", "given"} <= set(NAMES)


@pytest.mark.parametrize("name", ["fold-6", "fold-0", "fold", "cold-users", "u1", ""])
def test_an_unknown_split_is_refused_by_name(name: str) -> None:
    with pytest.raises(
        ParamError, match=f"names '{name}', which is not known; use fold-1 … 5, cold-users-1"
    ):
        checked_names(["fold-1", name])


@pytest.mark.parametrize("splits", [[], None, "fold-1"])
def test_what_is_no_list_of_splits_is_refused(splits: Any) -> None:
    with pytest.raises(
        ParamError, match=r"^splits in params\.yaml is .*; list at least one of fold-1 … 5"
    ):
        checked_names(splits)


@pytest.mark.parametrize(
    ("lists", "fault"),
    [
        (
            {"splits": ["fold-9"], "models": ["ease"]},
            "further.splits in params.yaml names 'fold-9', which is not known",
        ),
        ({"splits": ["fold-1"], "models": ["ease"]}, "names .fold-1., which is already in splits"),
        (
            {"splits": ["fold-2"]},
            "further.models in params.yaml is empty while further.splits is not",
        ),
        (
            {"models": ["ease"]},
            "further.splits in params.yaml is empty while further.models is not",
        ),
        (
            {"splits": ["fold-2", "fold-2"], "models": ["ease"]},
            "names a split twice: fold-2, fold-2",
        ),
        ({"folds": 3}, "further.folds in params.yaml is not a known parameter"),
    ],
)
def test_further_splits_that_cannot_be_run_are_refused(lists: dict[str, Any], fault: str) -> None:
    with pytest.raises(ParamError, match=fault):
        further({"splits": ["fold-1"], "further": lists})


def test_further_splits_follow_the_splits() -> None:
    wider = {"splits": ["temporal"], "models": ["ease"]}
    assert every_split({"splits": ["fold-1"], "further": wider}) == ["fold-1", "temporal"]


def test_next_is_shown_and_comes_last() -> None:
    params = {"splits": ["fold-1"], "shown": {"splits": ["next"], "strategies": ["learned"]}}
    assert shown(params) == Shown(splits=("next",), strategies=("learned",))
    assert shown({}) == Shown(splits=(), strategies=("none",))
    assert every_split(params) == ["fold-1", "next"]
    assert known_split("next") == "next"


def test_next_cannot_be_measured() -> None:
    fault = "names 'next', which has no test rows .*; list it under shown: shown.splits=.next."
    with pytest.raises(ParamError, match=f"^splits in params.yaml {fault}$"):
        checked_names(["fold-1", "next"])
    with pytest.raises(ParamError, match=f"^further.splits in params.yaml {fault}$"):
        further({"splits": ["fold-1"], "further": {"splits": ["next"], "models": ["ease"]}})


@pytest.mark.parametrize(
    ("section", "fault"),
    [
        ({"splits": ["fold-1"]}, r"shown.splits in params.yaml is .'fold-1'.; write shown.splits="),
        ({"splits": ["next", "next"]}, r"is .'next', 'next'.; write shown.splits=.next., or"),
        ({"splits": "next"}, r"shown.splits in params.yaml is 'next'"),
        ({"splits": ["next"], "strategies": []}, "shown.strategies in params.yaml is"),
        ({"split": ["next"]}, "shown.split in params.yaml is not a known parameter"),
    ],
)
def test_nothing_but_next_is_shown(section: dict[str, Any], fault: str) -> None:
    with pytest.raises(ParamError, match=fault):
        shown({"splits": ["fold-1"], "shown": section})


def test_none_are_asked_for_where_the_section_is_missing() -> None:
    assert further({"splits": ["fold-1"]}) == Further()
