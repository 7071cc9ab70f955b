"""Negatives: what may be drawn, and for whom."""

import numpy as np

from stages.train.data import TrainingData
from stages.train.negatives import NegativeDraw


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
