"""Which users are in which group."""

import numpy as np
import pytest

from stages.contracts.splits import family_of
from stages.evaluate.artifacts import People
from stages.evaluate.protocols.groups import activity_groups, known_groups, user_groups
from stages.evaluate.protocols.truth import Rows, Truth, truth_of


def people(genders: list[str | None], ages: list[int | None] | None = None) -> People:
    """Users about whom this much is known."""
    return People(
        [str(row) for row in range(len(genders))], [], genders, ages or [None] * len(genders)
    )


NOBODY = people(["", "", ""])


@pytest.fixture
def truth() -> Truth:
    """Users with 0, 1 and 2 training ratings; the last has no test item."""
    train = Rows(np.array([1, 2, 2]), np.array([0, 0, 1]), np.full(3, 4.0))
    return truth_of(train, Rows(np.array([0, 1]), np.array([3, 3]), np.array([5.0, 5.0])), 3, 4)


def test_bounds_are_strict(truth: Truth) -> None:
    groups = user_groups("fold-1", truth, NOBODY, (1, 2))
    assert groups["train<1"].tolist() == [True, False, False]
    assert groups["train<2"].tolist() == [True, True, False]


def test_cold_users_are_grouped_by_the_ratings_kept(truth: Truth) -> None:
    groups = user_groups("cold-users-2", truth, NOBODY, (10,))
    assert set(groups) == {"", "n=0", "n=1"}
    assert groups["n=1"].tolist() == [False, True, False]


def test_unknown_genders_make_no_group(truth: Truth) -> None:
    groups = user_groups("temporal", truth, people(["F", None, ""]), ())
    assert set(groups) == {"", "activity=Q1", "activity=Q4", "gender=F"}
    assert groups["gender=F"].tolist() == [True, False, False]


@pytest.mark.parametrize(
    ("split", "family"),
    [
        ("fold-3", "fold"),
        ("cold-users-1", "cold-users"),
        ("new-users-5", "new-users"),
        ("temporal", "temporal"),
        ("fold-3/no-refit", "fold/no-refit"),
        ("last/no-refit", "last/no-refit"),
    ],
)
def test_family_is_the_split_without_its_number(split: str, family: str) -> None:
    assert family_of(split) == family


def test_ages_fall_into_bands_and_unknown_ones_into_none() -> None:
    groups = known_groups(people([None] * 6, [24, 25, 44, 45, None, 73]))
    members = {name: np.flatnonzero(mask).tolist() for name, mask in groups.items()}
    assert members == {"age=<25": [0], "age=25-34": [1], "age=35-44": [2], "age=45+": [3, 5]}


def test_a_band_without_anybody_is_no_group() -> None:
    assert set(known_groups(people(["", ""], [18, 56]))) == {"age=<25", "age=45+"}


def test_activity_quarters_are_cut_on_counted_users() -> None:
    trained = np.array([1, 2, 3, 4, 100])
    groups = activity_groups(trained, np.array([True, True, True, True, False]))
    assert [np.flatnonzero(mask).tolist() for mask in groups.values()] == [[0], [1], [2], [3, 4]]


def test_users_with_equal_numbers_share_a_quarter() -> None:
    groups = activity_groups(np.array([5, 5, 5, 9]), np.ones(4, dtype=bool))
    members = {name: np.flatnonzero(mask).tolist() for name, mask in groups.items()}
    assert members == {"activity=Q1": [0, 1, 2], "activity=Q4": [3]}


def test_cold_users_have_no_activity_groups(truth: Truth) -> None:
    assert not any(
        name.startswith("activity") for name in user_groups("cold-users-1", truth, NOBODY, ())
    )


@pytest.mark.parametrize("split", ["global", "global/no-refit"])
def test_users_whom_only_the_test_of_global_knows_are_a_group_of_their_own(split: str) -> None:
    train, test = (
        Rows(np.array(users), np.zeros(len(users), dtype=int), np.full(len(users), 5.0))
        for users in ([0, 0, 0], [0, 1])
    )
    groups = user_groups(split, truth_of(train, test, 3, 4), NOBODY, (2,))
    assert groups["n=0"].tolist() == [False, True, True]
    assert groups["train<2"].tolist() == [False, True, True]
    assert "n=0" not in user_groups(split, truth_of(train, train, 3, 4), NOBODY, (2,))
    assert "n=0" not in user_groups("temporal", truth_of(train, test, 3, 4), NOBODY, (2,))
