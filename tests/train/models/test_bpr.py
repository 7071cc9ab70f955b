"""Matrix factorisation by BPR: its score, what it learns, and users it was not fitted on."""

import numpy as np
import pytest
import torch

from stages.train.fitting.data import TrainingData
from stages.train.fitting.model import Watch
from stages.train.fitting.rescoring import Copies
from stages.train.models.pairwise import bpr

N = 20


def halves(left_out: int = 1) -> TrainingData:
    """Even users like the even items, odd users the odd ones, but for some that are left out."""
    pairs = np.array(
        [(u, i) for u in range(N) for i in range(N) if (u + i) % 2 == 0 and (u - i) % N >= left_out]
    )
    return TrainingData(pairs[:, 0], pairs[:, 1], np.full(len(pairs), 5.0), N, N)


def fitted(data: TrainingData) -> bpr.Bpr:
    model = bpr.MODEL(bpr.Config(channels=4, epochs=60, learning_rate=0.05, batch=64), 7)
    model.fit(data, Watch())
    return model


def test_a_score_is_a_dot_product_and_the_items_bias() -> None:
    torch.manual_seed(0)
    net = bpr.BprNetwork(bpr.Config(channels=3), halves())
    with torch.no_grad():
        net.bias.copy_(torch.arange(float(N))[:, None])
    users, items = net.vectors().split(N)
    wanted = net.start[:N] @ net.start[N:].T + torch.arange(float(N))
    assert torch.allclose(users @ items.T, wanted, atol=1e-5)


def test_an_item_like_those_that_a_user_likes_is_ranked_before_others() -> None:
    """Each user's own item was left out; it has to come before all of the other half."""
    scores = fitted(halves()).score(np.arange(N))
    others = np.where((np.arange(N)[:, None] + np.arange(N)) % 2 == 1, scores, -np.inf)
    assert (np.diag(scores) > others.max(axis=1)).all()


def test_a_popular_item_gets_the_higher_bias() -> None:
    pairs = np.array([(u, 0) for u in range(N)] + [(u, 1 + u % 4) for u in range(N)])
    data = TrainingData(pairs[:, 0], pairs[:, 1], np.full(len(pairs), 5.0), N, 6)
    bias = fitted(data).items[:, -1]
    assert bias.argmax() == 0


def test_a_newcomer_is_placed_by_the_items_that_they_like() -> None:
    model, whole = fitted(halves()), halves()
    liked = np.array([4, 6, 8])
    own = TrainingData(np.zeros(3, dtype=int), liked, np.full(3, 5.0), 1, N)
    scores = model.place_users(Copies(whole, np.array([0]), own))[0]
    assert scores[::2].min() > scores[1::2].max()


def test_a_newcomer_without_likes_is_scored_by_the_biases() -> None:
    model = fitted(halves())
    nothing = TrainingData(np.zeros(1, dtype=int), np.array([3]), np.array([2.0]), 1, N)
    scores = model.place_users(Copies(halves(), np.array([0]), nothing))
    assert scores[0] == pytest.approx(model.items[:, -1].numpy())
