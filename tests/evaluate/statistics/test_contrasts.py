"""Groups of users against all others."""

import numpy as np
import pytest

from stages.contracts.metrics.numbers import Contrast
from stages.evaluate.statistics.contrasts import contrasts
from stages.evaluate.statistics.places import Place
from stages.evaluate.statistics.resampling import Resampling

FEW = Resampling(499, 7)
VALUES = np.array([0.8, 0.6, 0.2, 0.4, 0.9, np.nan])
WOMEN, MEN = (
    np.array([True, True, False, False, False, False]),
    np.array([False, False, True, True, False, True]),
)


def found(
    rankings: dict[str, np.ndarray], groups: dict[str, np.ndarray]
) -> dict[str, dict[str, Contrast]]:
    split = Place("temporal", {"ndcg@10": rankings}, np.arange(len(VALUES)))
    return contrasts("sample", [split], groups, "ndcg@10", FEW).splits["temporal"]


def test_a_group_stands_against_the_counted_others_of_whom_as_much_is_known() -> None:
    """The fifth user's gender is not known, the sixth is not counted."""
    cell = found({"ease": VALUES}, {"gender=F": WOMEN, "gender=M": MEN})["ease"]["gender=F"]
    assert (cell.users, cell.users_outside) == (2, 2)
    assert (cell.mean, cell.others) == (pytest.approx(0.7), pytest.approx(0.3))
    assert cell.difference == pytest.approx(0.4)
    assert cell.low <= 0.4 <= cell.high


def test_two_genders_are_each_others_opposite() -> None:
    cells = found({"ease": VALUES}, {"gender=F": WOMEN, "gender=M": MEN})["ease"]
    assert cells["gender=F"].difference == pytest.approx(-cells["gender=M"].difference)


def test_constant_groups_have_an_interval_of_one_point() -> None:
    cell = found({"ease": np.where(WOMEN, 0.75, 0.5)}, {"gender=F": WOMEN, "gender=M": MEN})[
        "ease"
    ]["gender=F"]
    assert (cell.low, cell.high) == (0.25, 0.25)


def test_a_group_of_one_user_is_left_out() -> None:
    assert (
        "gender=X"
        not in found({"ease": VALUES}, {"gender=X": np.arange(6) == 0, "gender=M": MEN})["ease"]
    )


def test_activity_is_always_a_group_and_controls_are_no_ranking() -> None:
    many = np.random.default_rng(1).random(40)
    split = Place("temporal", {"ndcg@10": {"ease": many, "ease+oracle": many}}, np.arange(40))
    rows = contrasts("sample", [split], {}, "ndcg@10", FEW).splits["temporal"]
    assert {name: list(groups) for name, groups in rows.items()} == {
        "ease": [f"activity=Q{number}" for number in range(1, 5)]
    }
