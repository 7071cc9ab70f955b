"""Popularity by traits, worked by hand."""

from math import log

import numpy as np
import pytest

from stages.train.fitting.data import TrainingData
from stages.train.models.e2ep.prior import HELD, Prior, prior_of, prior_scores


def ratings(
    *rows: tuple[int, int, float], traits: list[list[float]] | None = None, n_items: int = 3
) -> TrainingData:
    user, item, rating = (np.array(column) for column in zip(*rows, strict=True))
    known = None if traits is None else np.array(traits, dtype=np.float32)
    return TrainingData(user, item, rating, 3, n_items, traits=known)


def fitted(data: TrainingData, features: list[list[float]] | None = None) -> Prior:
    return prior_of(data, np.zeros((data.n_items, 0)) if features is None else np.array(features))


def scores(prior: Prior, data: TrainingData) -> np.ndarray:
    return prior_scores(prior.base, prior.lift, data)


def test_without_traits_it_is_the_log_of_one_and_the_likes_for_everybody() -> None:
    data = ratings((0, 0, 5), (1, 0, 4), (0, 1, 4), (1, 2, 3))
    assert scores(fitted(data), data) == pytest.approx(np.tile([log(3), log(2), 0], (3, 1)))


def test_traits_change_it_by_the_formula() -> None:
    """Both items have half of the likes.

    Trait 0 is user 0 and half of user 1, so 1.5 likes, of which it would give 0.75 to each; item 0
    has 1 and item 1 a half. Trait 1 has none, which says nothing.
    """
    data = ratings((0, 0, 5), (1, 1, 5), traits=[[1, 0], [0.5, 0], [0, 1]], n_items=2)
    first = [log((1 + HELD) / (0.75 + HELD)), log((0.5 + HELD) / (0.75 + HELD))]
    prior = fitted(data)
    assert prior.lift == pytest.approx(np.array([first, [0, 0]]), abs=1e-6)
    assert scores(prior, data)[1] == pytest.approx(
        [log(2) + 0.5 * lift for lift in first], abs=1e-6
    )


def test_a_trait_that_likes_an_item_more_often_raises_it_and_lowers_others() -> None:
    data = ratings((0, 0, 5), (1, 1, 5), (2, 2, 4), traits=[[1], [0], [0]])
    lift = fitted(data).lift[0]
    assert lift[0] > 0 > lift[1] == lift[2]


def test_an_item_without_ratings_takes_the_regressions_value_by_hand() -> None:
    """Around feature 0 and log 2 / 2 the slope is log 2 / (2 + λ), λ = 5; item 2 has feature 3."""
    prior = fitted(ratings((0, 0, 1), (0, 1, 5)), [[-1.0], [1.0], [3.0]])
    at = log(2) / 2 + np.array([-1, 1, 3]) * log(2) / 7
    assert prior.predicted == pytest.approx(at, abs=1e-6)
    assert prior.base == pytest.approx([0, log(2), at[2]], abs=1e-6)


def test_without_features_an_item_without_ratings_takes_the_mean() -> None:
    assert fitted(ratings((0, 0, 1), (0, 1, 5))).base[2] == pytest.approx(log(2) / 2)


def test_where_nobody_rated_anything_it_is_zero() -> None:
    none = np.zeros(0, dtype=np.int64)
    data = TrainingData(
        none, none, none.astype(np.float32), 2, 2, traits=np.ones((2, 1), dtype=np.float32)
    )
    assert not scores(fitted(data, [[1.0], [2.0]]), data).any()
