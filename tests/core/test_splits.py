"""Split names: the known ones pass, any other is refused by name."""

from typing import Any

import pytest

from stages.core.errors import ParamError
from stages.core.splits import NAMES, checked_names


def test_three_families_of_five_and_temporal_are_known() -> None:
    checked_names(list(NAMES))
    assert len(set(NAMES)) == 16
    assert {"fold-1", "cold-users-5", "cold-items-3", "temporal"} <= set(NAMES)


@pytest.mark.parametrize("name", ["fold-6", "fold-0", "fold", "cold-users", "temporal-1", "u1", ""])
def test_an_unknown_split_is_refused_by_name(name: str) -> None:
    with pytest.raises(ParamError, match=f"names '{name}', which is not known; use fold-1 … 5, cold-users-1"):
        checked_names(["fold-1", name])


@pytest.mark.parametrize("splits", [[], None, "fold-1"])
def test_what_is_no_list_of_splits_is_refused(splits: Any) -> None:
    with pytest.raises(ParamError, match=r"^splits in params\.yaml is .*; list at least one of fold-1 … 5"):
        checked_names(splits)
