"""Rankings are compared with the truth in blocks of users: the same values, in little memory."""

import tracemalloc

import numpy as np
import pytest

from stages.evaluate.protocols import truth as module
from stages.evaluate.protocols.truth import Rows, Truth, mark, truth_of
from stages.metrics.catalogue import EMPTY


def many(n_users: int, depth: int = 30) -> tuple[np.ndarray, Truth]:
    """Rankings of 40 items, some shorter, and ratings of a fifth of these; some are held out."""
    draw = np.random.default_rng(4)
    ranking = np.argsort(draw.random((n_users, 40)), axis=1)[:, :depth]
    ranking[np.arange(depth) >= draw.integers(5, depth, (n_users, 1))] = EMPTY
    users, items = np.nonzero(draw.random((n_users, 40)) < 0.2)
    rating = draw.integers(1, 6, len(users)).astype(float)
    half = draw.random(len(users)) < 0.5
    train, test = (Rows(users[at], items[at], rating[at]) for at in (half, ~half))
    return ranking, truth_of(train, test, n_users, 40)


@pytest.mark.parametrize("users", [1, 7, 50])
def test_rankings_are_marked_the_same_in_blocks_of_any_size(
    users: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    ranking, truth = many(50)
    whole = mark(ranking, truth, 10)
    assert whole.items.shape == (50, 10)
    assert whole.liked.any()
    monkeypatch.setattr(module, "CELLS", users * 30)
    blocks = mark(ranking, truth, 10)
    for name in ("items", "rated", "liked"):
        np.testing.assert_array_equal(getattr(blocks, name), getattr(whole, name))


def test_marking_holds_little_beside_the_lists_however_many_users(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "CELLS", 100 * 30)
    peaks = []
    for n_users in (200, 4000):
        ranking, truth = many(n_users)
        tracemalloc.start()
        made = mark(ranking, truth, 10)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        # Blocks, and the same once more as they are joined
        peaks.append(peak - 2 * sum(part.nbytes for part in (made.items, made.rated, made.liked)))
    assert peaks[1] - peaks[0] < 3800 * 30
