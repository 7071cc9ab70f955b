"""Negatives: what may be drawn, and for whom."""

import numpy as np
import pytest
import torch

from stages.train.fitting.data import TrainingData
from stages.train.fitting.negatives import NegativeDraw, Negatives


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


def drawn_items(
    draw: NegativeDraw, user: int, times: int, nodes: torch.Tensor | None = None
) -> list[int]:
    """What `times` rounds give the first liked rating of `user`."""
    place = draw.user.tolist().index(user)
    return [int(draw.triples(nodes)[2][place]) - draw.n_users for _ in range(times)]


def test_the_default_is_the_plain_draw_of_integers_bit_for_bit() -> None:
    """Items 0 and 1 are taken: each is drawn again, and nothing else comes from the generator."""
    data, plain = rated((0, 0, 5), (0, 1, 1), users=1), np.random.default_rng(4)
    wanted = [item for item in (int(plain.integers(0, 5, 1)[0]) for _ in range(200)) if item > 1]
    assert drawn_items(NegativeDraw(data, np.random.default_rng(4)), 0, 50) == wanted[:50]


def test_disliked_items_may_come_where_they_are_not_spared() -> None:
    draw = NegativeDraw(GIVEN, np.random.default_rng(0), Negatives(spare_disliked=False))
    assert set(drawn_items(draw, 0, 200)) == {1, 2, 3, 4}


def test_all_negatives_are_the_users_own_disliked_items_at_a_share_of_one() -> None:
    data = rated((1, 3, 2), (0, 0, 5), (0, 1, 1), (0, 2, 2), (1, 4, 4), (2, 0, 4))
    draw = NegativeDraw(data, np.random.default_rng(0), Negatives(disliked=1))
    assert set(drawn_items(draw, 0, 100)) == {1, 2}
    assert set(drawn_items(draw, 1, 100)) == {3}


def test_a_user_without_disliked_items_keeps_the_ordinary_draw() -> None:
    draw = NegativeDraw(GIVEN, np.random.default_rng(0), Negatives(disliked=1))
    assert set(drawn_items(draw, 2, 200)) == {1, 2, 3, 4}


def test_the_share_of_disliked_items() -> None:
    draw = NegativeDraw(GIVEN, np.random.default_rng(0), Negatives(disliked=0.25))
    assert np.mean([item == 1 for item in drawn_items(draw, 0, 4000)]) == pytest.approx(
        0.25, abs=0.02
    )


def test_popular_items_are_drawn_in_proportion_to_count_plus_one_to_the_power() -> None:
    """Counts 3, 1 and 0 of items 1, 2 and 3: weights 16, 4 and 1 at a power of two."""
    data = rated((0, 0, 5), (1, 1, 3), (2, 1, 3), (3, 1, 3), (3, 2, 3), users=4, items=4)
    drawn = drawn_items(
        NegativeDraw(data, np.random.default_rng(0), Negatives(popularity=2)), 0, 4000
    )
    shares = np.bincount(drawn, minlength=4) / len(drawn)
    assert shares == pytest.approx([0, 16 / 21, 4 / 21, 1 / 21], abs=0.02)


def scored(*items: float) -> torch.Tensor:
    """One user (1) and items of these scores."""
    return torch.tensor([1.0, *items])[:, None]


LIKES_0 = rated((0, 0, 5), users=1, items=4)


def test_a_hard_negative_is_the_highest_that_scores_below_the_liked_item() -> None:
    """The liked item scores 5; item 1 (9) passes for a likely positive, so item 3 (4) is taken."""
    draw = NegativeDraw(LIKES_0, np.random.default_rng(0), Negatives(hard=50))
    assert set(drawn_items(draw, 0, 20, scored(5, 9, 1, 4))) == {3}


def test_the_lowest_is_taken_where_all_pass_for_likely_positives() -> None:
    draw = NegativeDraw(LIKES_0, np.random.default_rng(0), Negatives(hard=50))
    assert set(drawn_items(draw, 0, 20, scored(0, 9, 3, 4))) == {2}
