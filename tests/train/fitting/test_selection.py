"""Selection: what each fit sees, what its lists leave out, and the number that chooses."""

from typing import Any

import numpy as np
import pandas as pd

from stages.contracts.rows import TRAINING
from stages.train.fitting.data import TrainingData
from stages.train.fitting.model import Validate, Watch
from stages.train.fitting.rows import SplitRows
from stages.train.fitting.selection import Fitted
from tests.train.whole import select_and_refit


def table(*rows: tuple[int, int, float]) -> pd.DataFrame:
    return pd.DataFrame([(*row, 0, -1, None) for row in rows], columns=TRAINING.names)


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
        while watch.should_continue(epoch, 1 / epoch, self) and epoch < 20:
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


class Choosing:
    """Ranks items by row, up or down, which it chooses on valid; keeps what was asked of it."""

    form = None

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.chosen = 1.0

    def fit(self, _data: TrainingData, _watch: Watch) -> None:
        self.asked.append(f"fit at {self.chosen:g}")

    def score(self, users: np.ndarray) -> np.ndarray:
        return np.tile(self.chosen * np.arange(5.0), (len(users), 1))

    def tune(self, validate: Validate) -> None:
        self.asked.append("tune")

        def ndcg(sign: float) -> float:
            ndcgs = validate(lambda users: sign * np.ones((len(users), 1)) * range(5))
            return float(ndcgs.mean())

        self.chosen = max((1.0, -1.0), key=ndcg)

    def weights(self) -> dict[str, np.ndarray]:
        return {"sign": np.array(self.chosen)}

    def restore(self, weights: dict[str, np.ndarray]) -> None:
        self.chosen = float(weights["sign"])


def selected(
    kind: Any = Recording, split: str = "fold-1", selects: bool = True
) -> tuple[Fitted, list[Any]]:
    made: list[Any] = []

    def new() -> Any:
        made.append(kind())
        return made[-1]

    return select_and_refit(new, SplitRows(split, TRAIN, VALID, 2, 5, None, None), 5, selects), made


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
    assert pairs(fitted.valid_candidates) == {(u, i) for u in range(2) for i in range(5)} - pairs(
        TRAIN
    )
    assert fitted.valid_candidates["item_row"].tolist() == [2, 3, 4, 1, 2, 3, 4]


def test_lists_for_test_mask_train_and_valid() -> None:
    fitted, _ = selected()
    seen = pairs(TRAIN) | pairs(VALID)
    assert pairs(fitted.candidates) == {(u, i) for u in range(2) for i in range(5)} - seen


def test_in_cold_items_only_held_out_items_are_listed() -> None:
    fitted, _ = selected(split="cold-items-1")
    assert set(fitted.candidates["item_row"]) == {4}
    assert set(fitted.valid_candidates["item_row"]) == {1, 2, 3}


def test_the_curve_and_the_chosen_ndcg_agree() -> None:
    fitted, _ = selected()
    assert fitted.epochs is not None
    assert fitted.curve.set_index("epoch").loc[fitted.epochs, "valid_ndcg@10"] == fitted.valid_ndcg
    assert fitted.curve["epoch"].tolist() == [1, 2, 3, 4, 5]


def test_where_text_has_seen_valid_nothing_is_chosen_on_it() -> None:
    fitted, _ = selected(selects=False)
    assert fitted.epochs is None
    assert fitted.curve.empty


def test_a_setting_is_chosen_after_the_fit_and_adopted_before_the_refit() -> None:
    _, (chosen, final) = selected(Choosing)
    assert (chosen.asked, final.asked) == (["fit at 1", "tune"], ["fit at -1"])


def test_the_chosen_setting_makes_the_lists_and_the_ndcg() -> None:
    """Downwards the likes on valid, items 2 and 1, are the first that were not seen."""
    fitted, _ = selected(Choosing)
    assert fitted.weights["sign"] == -1
    assert fitted.valid_ndcg == 1
    assert fitted.valid_candidates["item_row"].tolist() == [2, 3, 4, 1, 2, 3, 4]
    assert fitted.candidates["item_row"].tolist() == [3, 4, 2, 4]


def test_where_text_has_seen_valid_no_setting_is_chosen() -> None:
    fitted, (chosen, _) = selected(Choosing, selects=False)
    assert chosen.asked == ["fit at 1"]
    assert fitted.weights["sign"] == 1


def test_a_model_is_given_what_is_known_and_the_places_in_time() -> None:
    known: dict[str, Any] = {
        name: np.ones((n, 2), dtype=np.float32)
        for name, n in (("user_text", 2), ("item_text", 5), ("traits", 2))
    }
    later_first = table(*((0, item, 5) for item in range(5))).assign(timestamp=range(5, 0, -1))
    data = SplitRows("fold-1", TRAIN, VALID, 2, 5, **known).data(later_first)
    assert all(getattr(data, name) is given for name, given in known.items())
    assert data.nth is not None
    assert data.nth.tolist() == [4, 3, 2, 1, 0]
