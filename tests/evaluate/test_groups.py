"""Which users stand in which group."""

import numpy as np
import pytest

from stages.evaluate.groups import family_of, user_groups
from stages.evaluate.truth import Rows, Truth, truth_of


@pytest.fixture
def truth() -> Truth:
    """Users with 0, 1 and 2 training ratings; the last has no test item."""
    train = Rows(np.array([1, 2, 2]), np.array([0, 0, 1]), np.full(3, 4.0))
    return truth_of(train, Rows(np.array([0, 1]), np.array([3, 3]), np.array([5.0, 5.0])), 3, 4)


def test_bounds_are_strict(truth: Truth) -> None:
    groups = user_groups("fold-1", truth, ["", "", ""], (1, 2))
    assert groups["train<1"].tolist() == [True, False, False]
    assert groups["train<2"].tolist() == [True, True, False]


def test_cold_users_are_grouped_by_the_ratings_kept(truth: Truth) -> None:
    groups = user_groups("cold-users-2", truth, ["", "", ""], (10,))
    assert set(groups) == {"", "n=0", "n=1"}
    assert groups["n=1"].tolist() == [False, True, False]


def test_unknown_genders_make_no_group(truth: Truth) -> None:
    groups = user_groups("temporal", truth, ["F", None, ""], ())
    assert set(groups) == {"", "gender=F"}
    assert groups["gender=F"].tolist() == [True, False, False]


@pytest.mark.parametrize(
    ("split", "family"), [("fold-3", "fold"), ("cold-users-1", "cold-users"), ("temporal", "temporal")]
)
def test_family_is_the_split_without_its_number(split: str, family: str) -> None:
    assert family_of(split) == family
