"""The paper's model: negatives and the two terms of its loss."""

import math

import numpy as np
import pytest
import torch

from stages.train.data import TrainingData
from stages.train.models.unified import Config, NegativeDraw, Unified


def rated(*rows: tuple[int, int, float], users: int = 3, items: int = 5) -> TrainingData:
    user, item, rating = zip(*rows, strict=True)
    return TrainingData(np.array(user), np.array(item), np.array(rating), users, items)


GIVEN = rated((0, 0, 5), (0, 1, 1), (0, 2, 3), (1, 4, 4), (1, 3, 2), (2, 0, 4.5), (2, 1, 2.5))


def test_a_triple_for_each_liked_rating() -> None:
    users, liked, _ = NegativeDraw(GIVEN, np.random.default_rng(0)).triples()
    assert users.tolist() == [0, 1, 2]
    assert liked.tolist() == [3 + 0, 3 + 4, 3 + 0]


def test_negatives_are_all_items_neither_liked_nor_disliked() -> None:
    draw = NegativeDraw(GIVEN, np.random.default_rng(0))
    drawn: dict[int, set[int]] = {0: set(), 1: set(), 2: set()}
    for _ in range(100):
        users, _, others = draw.triples()
        for user, other in zip(users.tolist(), others.tolist(), strict=True):
            drawn[user].add(other - 3)
    assert drawn == {0: {2, 3, 4}, 1: {0, 1, 2}, 2: {1, 2, 3, 4}}


def test_a_user_with_an_opinion_on_every_item_takes_no_part() -> None:
    data = rated((0, 0, 5), (0, 1, 1), (1, 0, 5), users=2, items=2)
    users, _, others = NegativeDraw(data, np.random.default_rng(0)).triples()
    assert (users.tolist(), others.tolist()) == ([1], [3])


def loss_of(vectors: list[list[float]], **weights: float) -> float:
    """One user who likes item 0; item 1 is the only negative."""
    draw = NegativeDraw(rated((0, 0, 5), users=1, items=2), np.random.default_rng(0))
    return Unified(Config(**weights), 7)._loss(torch.tensor(vectors), draw).item()


VECTORS = [[1.0, 0.0], [3.0, 4.0], [2.0, 7.0]]


def test_bpr_term_by_hand() -> None:
    """Margin 3 − 2 = 1, so −log σ(1) = log(1 + e⁻¹)."""
    assert loss_of(VECTORS, bpr=1, cosine=0) == pytest.approx(math.log(1 + math.exp(-1)), abs=1e-6)


def test_alignment_term_by_hand() -> None:
    """The cosine of (1, 0) and (3, 4) is 3/5."""
    assert loss_of(VECTORS, bpr=0, cosine=1) == pytest.approx(0.4, abs=1e-6)


def test_default_weights_are_the_papers_five_and_two() -> None:
    assert loss_of(VECTORS) == pytest.approx(5 * math.log(1 + math.exp(-1)) + 2 * 0.4, abs=1e-5)
