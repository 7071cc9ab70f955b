"""The watch: best epoch, patience, and the count of a refit."""

from typing import Any

import numpy as np

from stages.train.fitting.model import Watch


class Counting:
    """A model whose weights are the number of epochs so far."""

    def __init__(self) -> None:
        self.epoch = 0

    def score(self, users: np.ndarray) -> np.ndarray:
        return np.zeros((len(users), 1))

    def weights(self) -> dict[str, np.ndarray]:
        return {"epoch": np.array([self.epoch])}


def epochs_run(watch: Watch, most: int = 50) -> int:
    model: Any = Counting()
    for epoch in range(1, most + 1):
        model.epoch = epoch
        if not watch.should_continue(epoch, 1.0, model):
            return epoch
    return most


def following(values: list[float], **options: Any) -> Watch:
    left = iter(values)
    return Watch(validate=lambda _score: np.array([next(left)]), **options)


def test_stops_after_so_many_epochs_without_a_better_one_and_keeps_the_best_weights() -> None:
    watch = following([0.25, 0.5, 0.25, 0.25, 0.25, 1.0], patience=3)
    assert epochs_run(watch) == 5
    assert watch.best_epoch == 2
    assert watch.best_weights is not None
    assert watch.best_weights["epoch"] == [2]


def test_of_equal_epochs_the_earliest_is_the_best() -> None:
    watch = following([0.25, 0.5, 0.75, 0.25, 0.5, 0.75], patience=2)
    assert epochs_run(watch) == 5
    assert watch.best_epoch == 3


def test_an_epoch_counts_by_the_mean_of_three_looks_so_that_a_lucky_one_chooses_nothing() -> None:
    watch = following([0.5, 0.5, 0.5, 0.0, 0.75, 0.0])
    epochs_run(watch, most=6)
    assert watch.best_epoch == 1


def test_a_better_epoch_renews_the_patience() -> None:
    assert epochs_run(following([0.25, 0.0, 0.75, 0.0, 0.0, 1.0], patience=2)) == 5


def test_without_patience_every_epoch_runs() -> None:
    assert epochs_run(following([0.5] * 9), most=9) == 9


def test_a_refit_counts_to_its_epoch_and_looks_at_nothing() -> None:
    watch = Watch(last_epoch=4, patience=1)
    assert epochs_run(watch) == 4
    assert (watch.curve, watch.best_epoch, watch.best_weights) == ([], None, None)


def test_the_curve_holds_epoch_loss_and_ndcg() -> None:
    watch = following([0.1, 0.2])
    epochs_run(watch, most=2)
    assert watch.curve == [(1, 1.0, 0.1), (2, 1.0, 0.2)]
