"""Popularity and EASE against counts and the closed form."""

from typing import Any

import numpy as np
import pytest

from stages.train.data import TrainingData
from stages.train.model import Watch
from stages.train.models import ease, popularity

USERS, ITEMS = np.array([0, 0, 1, 1, 2]), np.array([0, 1, 1, 2, 1])


def fitted(module: Any, rating: list[float], **config: Any) -> Any:
    model = module.MODEL(module.Config(**config), 7)
    model.fit(TrainingData(USERS, ITEMS, np.array(rating), 3, 3), Watch())
    return model


def test_popularity_counts_ratings_of_four_and_more() -> None:
    scores = fitted(popularity, [4, 5, 3.5, 1, 4.5]).score(np.array([0, 2]))
    assert scores.tolist() == [[1, 2, 0], [1, 2, 0]]


def test_ease_is_the_closed_form_worked_by_hand() -> None:
    """X = [[1,1,0],[0,1,1],[0,1,0]], λ = 1: XᵀX + λI = [[2,1,0],[1,4,1],[0,1,2]], whose inverse is
    [[7,-2,1],[-2,4,-2],[1,-2,7]]/12, so B = [[0,1/2,-1/7],[2/7,0,2/7],[-1/7,1/2,0]]."""
    model = fitted(ease, [5, 4, 5, 4, 4], l2=1.0)
    by_hand = [[0, 1 / 2, -1 / 7], [2 / 7, 0, 2 / 7], [-1 / 7, 1 / 2, 0]]
    assert model.item_item == pytest.approx(np.array(by_hand), abs=1e-6)
    assert model.score(np.array([0]))[0] == pytest.approx([2 / 7, 1 / 2, 1 / 7], abs=1e-6)


def test_ease_counts_a_rating_by_its_grade_linear_between_whole_ones() -> None:
    model = fitted(ease, [5, 3.5, 3, 2, 1], l2=1.0)
    assert model.matrix.toarray().tolist() == [[1, 0.75, 0], [0, 0.5, 0.25], [0, 0, 0]]
