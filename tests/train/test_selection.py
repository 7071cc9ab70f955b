"""Selection: what each fit sees, what its lists leave out, and the number that chooses."""

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp

from stages.core.errors import InputError
from stages.core.schema import RATINGS
from stages.train.data import TrainingData
from stages.train.model import Watch
from stages.train.selection import Fitted, SplitRows, select_and_refit
from stages.train.validation import validation_ndcg


def table(*rows: tuple[int, int, float]) -> pd.DataFrame:
    return pd.DataFrame([(*row, 0) for row in rows], columns=RATINGS.names)


TRAIN = table((0, 0, 5), (0, 1, 1), (1, 0, 4))
VALID = table((0, 2, 5), (1, 1, 5), (1, 3, 2))


class Recording:
    """Ranks items by row, downwards; is best at its second epoch."""

    form = None

    def __init__(self) -> None:
        self.fits: list[tuple[TrainingData, Watch, int]] = []
        self.good = np.array([0.0])

    def fit(self, data: TrainingData, watch: Watch) -> None:
        watch.patience = 3
        epoch = 1
        self.good = np.array([1.0])
        while watch.goes_on(epoch, 1 / epoch, self) and epoch < 20:
            epoch += 1
            self.good = np.array([2.0 if epoch == 2 else 1.0])
        self.fits.append((data, watch, epoch))

    def score(self, users: np.ndarray) -> np.ndarray:
        down = -np.arange(5.0)
        return np.tile(-down if self.good[0] == 1 else down, (len(users), 1))

    def weights(self) -> dict[str, np.ndarray]:
        return {"good": self.good.copy()}

    def restore(self, weights: dict[str, np.ndarray]) -> None:
        self.good = weights["good"]


def selected(split: str = "fold-1") -> tuple[Fitted, list[Recording]]:
    made: list[Recording] = []

    def new() -> Any:
        made.append(Recording())
        return made[-1]

    return select_and_refit(new, SplitRows(split, TRAIN, VALID, 2, 5, None, None), 5), made


def pairs(rows: pd.DataFrame) -> set[tuple[int, int]]:
    return set(zip(rows["user_row"], rows["item_row"], strict=True))


def test_the_first_fit_sees_train_and_the_refit_train_and_valid() -> None:
    _, (chosen, final) = selected()
    assert [len(model.fits[0][0].user) for model in (chosen, final)] == [3, 6]


def test_the_refit_runs_exactly_the_best_epochs_without_looking_at_valid() -> None:
    fitted, (chosen, final) = selected()
    assert (fitted.epochs, chosen.fits[0][2], final.fits[0][2]) == (2, 5, 2)
    assert final.fits[0][1].validate is None


def test_lists_on_valid_come_from_the_best_epoch_and_mask_train_alone() -> None:
    fitted, _ = selected()
    assert pairs(fitted.valid_candidates) == {(u, i) for u in range(2) for i in range(5)} - pairs(TRAIN)
    assert fitted.valid_candidates["item_row"].tolist() == [2, 3, 4, 1, 2, 3, 4]


def test_lists_for_test_mask_train_and_valid() -> None:
    fitted, _ = selected()
    seen = pairs(TRAIN) | pairs(VALID)
    assert pairs(fitted.candidates) == {(u, i) for u in range(2) for i in range(5)} - seen


def test_in_cold_items_only_held_out_items_are_listed() -> None:
    fitted, _ = selected("cold-items-1")
    assert set(fitted.candidates["item_row"]) == {4}
    assert set(fitted.valid_candidates["item_row"]) == {1, 2, 3}


def test_the_curve_and_the_chosen_ndcg_agree() -> None:
    fitted, _ = selected()
    assert fitted.curve.set_index("epoch").loc[fitted.epochs, "valid_ndcg@10"] == fitted.valid_ndcg
    assert fitted.curve["epoch"].tolist() == [1, 2, 3, 4, 5]


def test_validation_ndcg_by_hand() -> None:
    """User 0: item 0 is masked, so the likes 1 and 3 stand first and third: (1 + 1/2) / (1 + 1/log₂3); user 1 has
    one like, second: 1/log₂3; user 2 has none and does not count."""
    likes = sp.csr_matrix(np.array([[0, 1, 0, 1], [0, 1, 0, 0], [0, 0, 0, 0]]))
    seen = sp.csr_matrix(np.array([[1, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]))
    validate = validation_ndcg(likes, seen, np.ones(4, dtype=bool))
    second = 1 / math.log2(3)
    found = validate(lambda users: np.tile([9.0, 8.0, 7.0, 6.0], (len(users), 1)))
    assert found == pytest.approx((1.5 / (1 + second) + second) / 2)


def test_a_split_without_a_liked_validation_row_is_refused_in_one_sentence() -> None:
    empty = sp.csr_matrix((2, 5))
    with pytest.raises(InputError, match="no validation rating is 4 or more"):
        validation_ndcg(empty, empty, np.ones(5, dtype=bool))


def test_where_text_has_seen_valid_nothing_is_chosen_on_it() -> None:
    rows = SplitRows("fold-1", TRAIN, VALID, 2, 5, None, None)
    fitted = select_and_refit(Recording, rows, 5, selects=False)
    assert fitted.epochs is None
    assert fitted.curve.empty
