"""learned: what it fits, what it may not know, and that it may choose to change nothing."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from stages.contracts.items import Item, ProfiledItems
from stages.contracts.rows import RATINGS, ItemProfile, Profile, UserProfile
from stages.rerank.known import Known, Pools
from stages.rerank.learning.features import (
    NOT_ARRIVED,
    Ratings,
    features_of,
    within_pools,
)
from stages.rerank.learning.ranker import pairs_of, weights_of_pairs
from stages.rerank.strategies.computed.learned import Config, LearnedOrder

USERS, ITEMS, POOL = 60, 40, 12
PROFILE = Profile(overview="", genres=(), tags=(), description="", dislikes=())


def rows_of(cells: list[tuple[int, int, float, int]]) -> pd.DataFrame:
    return pd.DataFrame([(*cell, -1) for cell in cells], columns=RATINGS.names).assign(fitted=True)


def made(helpful: bool, seed: int = 3) -> Known:
    """A base whose order is drawn, and a part of its score that knows what is liked, or nothing."""
    draw = np.random.default_rng(seed)
    rated = rows_of([(u, int(i), 4.0, u) for u in range(USERS) for i in draw.choice(10, 4, False)])
    user = np.repeat(np.arange(USERS), POOL)
    item = np.concatenate([10 + draw.permutation(30)[:POOL] for _ in range(USERS)])
    place = np.tile(np.arange(POOL), USERS)
    likes = draw.random(len(user)) < 0.2
    part = likes + draw.normal(0, 0.3, len(user)) if helpful else draw.normal(size=len(user))
    pools = Pools(user, item, place, -place.astype(float), {"part": part}, rated)
    liked = zip(user[likes].tolist(), item[likes].tolist(), strict=True)
    labels = rows_of([(u, i, 5.0, 0) for u, i in liked])
    profiles = [
        ItemProfile(item_id=str(i), profile=PROFILE, integrated="", source="") for i in range(ITEMS)
    ]
    users = [
        UserProfile(
            user_id=str(u), profile=PROFILE, integrated="", source="", liked=(), disliked=()
        )
        for u in range(USERS)
    ]
    catalogue = ProfiledItems([Item(str(i), str(i)) for i in range(ITEMS)], profiles)
    return Known(pools, replace(pools), labels, users, catalogue, None, 7)


def orders(values: np.ndarray) -> list[list[int]]:
    return np.argsort(-values.reshape(USERS, POOL), axis=1, kind="stable").tolist()


def test_a_part_that_knows_what_is_liked_changes_the_order_on_valid_and_at_test() -> None:
    known = made(helpful=True)
    values = LearnedOrder(Config(pool=POOL)).values(known)
    part = known.valid.parts["part"]
    for side in (values.valid, values.test):
        assert np.corrcoef(side, part)[0, 1] > np.corrcoef(-known.valid.place, part)[0, 1] + 0.05


def test_where_nothing_is_known_the_bases_order_stays() -> None:
    known = replace(made(helpful=False), labels=rows_of([]))
    values = LearnedOrder(Config(pool=POOL)).values(known)
    assert orders(values.test) == orders(values.valid) == [list(range(POOL))] * USERS


def test_nothing_is_learned_on_rows_that_published_profiles_have_seen(
    capsys: pytest.CaptureFixture[str],
) -> None:
    values = LearnedOrder(Config(pool=POOL)).values(replace(made(helpful=True), seen=True))
    assert orders(values.test) == orders(values.valid) == [list(range(POOL))] * USERS
    said = "learned keeps the base's order: published profiles have seen the validation rows\n"
    assert capsys.readouterr().err == said


@pytest.mark.parametrize("helpful", [True, False])
def test_a_users_own_labels_never_change_their_own_ranking(helpful: bool) -> None:
    known = made(helpful)
    before = LearnedOrder(Config(pool=POOL)).values(known)
    changed = 0
    for user in range(0, USERS, 7):
        mine = known.valid.user == user
        others = known.labels[known.labels["user_row"] != user]
        # The contrary of what the user liked
        likes = set(known.labels.loc[known.labels["user_row"] == user, "item_row"])
        turned = [(user, int(i), 5.0, 0) for i in known.valid.item[mine] if i not in likes]
        labels = pd.concat([others, rows_of(turned)], ignore_index=True)
        after = LearnedOrder(Config(pool=POOL)).values(replace(known, labels=labels))
        for side in ("valid", "test"):
            assert getattr(after, side)[mine].tolist() == getattr(before, side)[mine].tolist()
        changed += (after.valid != before.valid).any()
    assert changed or not helpful


def test_a_pair_counts_what_its_exchange_changes() -> None:
    """Three candidates, the second one liked, of one liked item: 1/log₂2 and 1/log₂4 to 1/log₂3."""
    pairs = pairs_of(np.zeros(3, int), np.arange(3), np.array([False, True, False]), np.array([1]))
    assert list(zip(pairs.better, pairs.worse, strict=True)) == [(1, 0), (1, 2)]
    third = 1 / np.log2(3)
    np.testing.assert_allclose(pairs.weight, [1 - third, third - 0.5])


def test_pairs_below_the_tenth_place_count_nothing() -> None:
    relevant = np.arange(14) == 11
    pairs = pairs_of(np.zeros(14, int), np.arange(14), relevant, np.array([1]))
    assert pairs.worse.tolist() == list(range(10))


def test_weights_are_relative_to_the_bases_own() -> None:
    """Where both columns always tell the better one equally well, both count the same."""
    features = np.array([[1.0, 1.0], [0.0, 0.0], [2.0, 2.0], [1.0, 1.0]])
    pairs = pairs_of(
        np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]), np.array([True, False] * 2), np.ones(2, int)
    )
    weights = weights_of_pairs(features, pairs, np.ones(2, dtype=bool))
    np.testing.assert_allclose(weights, [0.0, 1.0], atol=1e-3)


def test_features_are_relative_to_the_pool() -> None:
    values = within_pools(np.array([0, 0, 3, 3, 5]), np.array([1.0, 3.0, 7.0, 7.0, 9.0]))
    assert values.tolist() == [-1.0, 1.0, 0.0, 0.0, 0.0]
    assert not within_pools(np.zeros(3, int), np.array([0.1 + 0.2, 0.3, 0.3])).any()


def test_items_are_known_by_what_the_base_was_fitted_on() -> None:
    """User 1's history was not: it says what they like, and nothing of the items."""
    rated = rows_of([(0, 0, 5.0, 10), (0, 1, 4.0, 20), (1, 0, 5.0, 5), (1, 2, 4.0, 5)])
    pools = Pools(np.array([1, 1]), np.array([1, 2]), np.arange(2), np.arange(2.0), {}, rated)
    held = Ratings(rated.assign(fitted=[True, True, False, False]), (2, ITEMS))
    assert held.got[:3].tolist() == [1, 1, 0]
    assert held.given.tolist() == [2, 2]
    near = held.models(pools)["neighbours"]
    assert near[0] > 0 == near[1]


def test_an_item_first_rated_after_the_users_last_rating_has_not_arrived() -> None:
    rated = rows_of([(0, 0, 5.0, 10), (1, 1, 4.0, 20), (1, 2, 4.0, 5)])
    pool = np.array([0, 0]), np.array([1, 2]), np.arange(2), np.array([2.0, 1.0])
    known = made(helpful=True)
    features = features_of(Pools(*pool, {}, rated), known.catalogue, 2)
    assert (features[NOT_ARRIVED] > 0).tolist() == [True, False]
    # Unknown times say nothing: of user 0, or of the only rating of item 1
    for row in (0, 1):
        partly = rated.copy()
        partly.loc[row, "timestamp"] = 0
        assert not features_of(Pools(*pool, {}, partly), known.catalogue, 2)[NOT_ARRIVED].any()
    untimed = Pools(*pool, {}, rated.assign(timestamp=0))
    assert not {NOT_ARRIVED, "age"} & set(features_of(untimed, known.catalogue, 2))


def test_a_dislike_speaks_for_another_item_as_in_ease() -> None:
    """XᵀX + λI = [[301, 1], [1, 301]], so that −P_01/P_11 = 1/301; only item 0 is disliked."""
    rated = rows_of([(0, 0, 1.0, 0), (0, 1, 3.0, 0)])
    pools = Pools(np.zeros(2, int), np.arange(2), np.arange(2), np.zeros(2), {}, rated)
    said = Ratings(rated, (1, 2)).models(pools)["disliked"]
    np.testing.assert_allclose(said, [0.0, 1 / 301], rtol=1e-6)
