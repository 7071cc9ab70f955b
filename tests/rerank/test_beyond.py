"""The strategies `diverse` and `calibrated` on pools as the stage gives them."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from stages.contracts.items import Item, ProfiledItems
from stages.contracts.rows import RATINGS
from stages.core.errors import InputError, MissingError
from stages.rerank.computed import ComputedStrategy
from stages.rerank.known import Known, Pools
from stages.rerank.named import computed_named
from stages.rerank.params import RerankParams

N_ITEMS, N_USERS, DEPTH = 60, 4, 30
GENRES = [["Drama"], ["Comedy"], ["Comedy", "War"], []]


def pools(seed: int) -> Pools:
    """Users 1, 3, 5 and 7; the last has only three candidates."""
    draw = np.random.default_rng(seed)
    users = np.repeat(np.arange(N_USERS) * 2 + 1, DEPTH)[: -DEPTH + 3]
    item = np.concatenate([draw.permutation(N_ITEMS)[:DEPTH] for _ in range(N_USERS)])
    place = np.tile(np.arange(DEPTH), N_USERS)
    rated = pd.DataFrame(
        {"user_row": [1, 1, 3, 9], "item_row": [0, 4, 1, 2], "rating": [5.0, 4, 1, 5]}
    ).reindex(columns=RATINGS.names)
    n = len(users)
    return Pools(users, item[:n], place[:n], -np.sqrt(place[:n]), {}, rated)


@pytest.fixture
def known() -> Known:
    items = [
        Item(str(row), f"Title {row}", genres=tuple(GENRES[row % 4])) for row in range(N_ITEMS)
    ]
    vectors = np.random.default_rng(4).normal(size=(N_ITEMS, 6))
    catalogue = ProfiledItems(items, [])
    labels = pd.DataFrame(columns=RATINGS.names)
    return Known(pools(1), pools(2), labels, [], catalogue, vectors, 7)


def strategy(name: str, knob: float) -> ComputedStrategy:
    made = computed_named(name, RerankParams(strategies={name: {"knob": knob}}))
    assert isinstance(made, ComputedStrategy)
    return made


def shown(made: Pools, values: np.ndarray, user: int) -> list[int]:
    """The items of a user's first ten places."""
    own = made.user == user
    return made.item[own][np.argsort(-values[own])][:10].tolist()


@pytest.mark.parametrize("name", ["diverse", "calibrated"])
def test_a_knob_of_zero_is_the_base_order(name: str, known: Known) -> None:
    values = strategy(name, 0.0).values(known)
    for made, given in ((known.valid, values.valid), (known.test, values.test)):
        assert shown(made, given, 1) == made.item[made.user == 1][:10].tolist()
        assert shown(made, given, 7) == made.item[made.user == 7].tolist()


@pytest.mark.parametrize("name", ["diverse", "calibrated"])
def test_each_users_values_are_evenly_spaced(name: str, known: Known) -> None:
    values = strategy(name, 0.7).values(known).test
    for user in (1, 3, 5, 7):
        own = np.sort(values[known.test.user == user])
        np.testing.assert_allclose(own, np.linspace(0, 1, len(own)))


def test_a_diverse_list_differs_more_from_within(known: Known) -> None:
    assert known.item_vectors is not None
    units = known.item_vectors / np.linalg.norm(known.item_vectors, axis=1, keepdims=True)

    def likeness(knob: float) -> float:
        values = strategy("diverse", knob).values(known).test
        lists = [units[shown(known.test, values, user)] for user in (1, 3, 5)]
        return float(np.mean([(v @ v.T).mean() for v in lists]))

    assert likeness(1.0) < likeness(0.5) < likeness(0.0)


def test_a_calibrated_list_has_the_genres_of_what_was_liked_in_training(known: Known) -> None:
    """User 1 likes two dramas; user 3's only rating is no like, and 5 has none."""
    values = strategy("calibrated", 1.0).values(known).test
    listed = shown(known.test, values, 1)
    assert {tuple(GENRES[row % 4]) for row in listed} == {("Drama",), ()}
    for user in (3, 5):
        base = known.test.item[known.test.user == user][:10].tolist()
        assert shown(known.test, values, user) == base


def test_without_genres_calibrated_says_that_it_needs_them(known: Known) -> None:
    plain = [Item(str(row), "A title") for row in range(N_ITEMS)]
    with pytest.raises(InputError, match=r"^calibrated needs genres, .*params.yaml, .*column"):
        strategy("calibrated", 0.5).values(replace(known, catalogue=ProfiledItems(plain, [])))


def test_without_embeddings_diverse_says_that_it_needs_them(known: Known) -> None:
    with pytest.raises(MissingError, match=r"^diverse needs profile embeddings; .*embed.forms"):
        strategy("diverse", 0.5).values(replace(known, item_vectors=None))
