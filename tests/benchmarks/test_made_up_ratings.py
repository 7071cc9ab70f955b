"""Made-up ratings are as many as asked for, no pair twice, in order of users."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.made_up_ratings import Size, distinct, make, ranks, read, share_of


@pytest.mark.parametrize(
    "size", [Size(300, 200, 5_000), Size(40, 30, 700)], ids=["sparse", "dense"]
)
def test_as_many_ratings_as_asked_for_and_no_pair_twice(size: Size, tmp_path: Path) -> None:
    make(size, tmp_path)
    data = read(size, tmp_path)
    pairs = data.user.astype(np.int64) * size.items + data.item
    assert len(pairs) == size.ratings == len(data.rating)
    assert (np.diff(pairs) > 0).all()
    assert data.user.max() < size.users
    assert data.item.max() < size.items


def test_a_users_ratings_are_numbered_from_0(tmp_path: Path) -> None:
    size = Size(30, 20, 100)
    make(size, tmp_path)
    data = read(size, tmp_path)
    assert data.nth is not None
    for user in range(size.users):
        mine = data.nth[data.user == user]
        assert mine.tolist() == list(range(len(mine)))


@pytest.mark.parametrize("shares", [1, 2, 3])
def test_shares_of_the_users_are_all_ratings_once(shares: int, tmp_path: Path) -> None:
    size = Size(30, 20, 200)
    make(size, tmp_path)
    whole, parts = (
        read(size, tmp_path),
        [share_of(size, tmp_path, n, shares) for n in range(shares)],
    )
    assert sum(part.n_users for part in parts) == size.users
    users = np.cumsum([0, *(part.n_users for part in parts)])
    user = np.concatenate([part.user + first for part, first in zip(parts, users, strict=False)])
    np.testing.assert_array_equal(user, whole.user)
    for name in ("item", "rating"):
        found = np.concatenate([getattr(part, name) for part in parts])
        np.testing.assert_array_equal(found, getattr(whole, name))
    assert max(len(part.user) for part in parts) <= 200 / shares + 20


def test_distinct_is_numpys_unique() -> None:
    pairs = np.array([5, 1, 5, 3, 1])
    assert distinct(pairs.copy()).tolist() == np.unique(pairs).tolist()


def test_ranks_reach_from_the_first_item_to_the_last() -> None:
    assert ranks(np.array([0.0, np.nextafter(1, 0)]), 1_000).tolist() == [0, 999]
