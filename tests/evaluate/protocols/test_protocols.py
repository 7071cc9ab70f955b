"""Both protocols: hand-worked users, and agreement with a plain reading of their definitions."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.evaluate.protocols.named import PROTOCOLS, Protocol, averages
from stages.evaluate.protocols.truth import Rows, mark, truth_of
from stages.metrics.catalogue import EMPTY

Triples = list[tuple[int, int, float]]


def rows(triples: Triples) -> Rows:
    columns = list(zip(*triples, strict=True)) or [(), (), ()]
    users, items = (np.array(column, dtype=np.int64) for column in columns[:2])
    return Rows(users, items, np.array(columns[2], dtype=np.float64))


def scored(
    protocol: Protocol,
    ranking: list[list[int]],
    train: Triples,
    test: Triples,
    k: int,
    **options: bool,
) -> dict:
    truth = truth_of(rows(train), rows(test), len(ranking), 20, **options)
    return PROTOCOLS[protocol](mark(np.array(ranking), truth, k), k)


TEST = [(0, 1, 5.0), (0, 2, 3.0), (0, 3, 4.0), (0, 4, 1.0)]
LIST = [[9, 2, 8, 1, 7, 3]]


def test_full_counts_unrated_items_as_misses() -> None:
    values = scored("full", LIST, [], TEST, 4)
    assert values["precision"][0] == 1 / 4
    assert values["recall"][0] == 1 / 2
    assert values["mrr"][0] == 1 / 4
    assert values["ndcg"][0] == pytest.approx((1 / math.log2(5)) / (1 + 1 / math.log2(3)))
    assert values["map"][0] == (1 / 4) / 2


def test_condensed_renumbers_what_is_rated_in_the_top_k() -> None:
    values = scored("condensed", LIST, [], TEST, 4)
    assert values["precision"][0] == 1 / 2
    assert values["recall"][0] == 1 / 2
    assert values["mrr"][0] == 1 / 2
    assert values["ndcg"][0] == pytest.approx((1 / math.log2(3)) / (1 + 1 / math.log2(3)))
    assert values["map"][0] == (1 / 2) / 2


def test_condensed_map_divides_by_all_relevant_items_also_beyond_k() -> None:
    test = [(0, item, 5.0) for item in range(5)]
    assert scored("condensed", [[0, 1]], [], test, 2)["map"][0] == 2 / 5


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_training_items_are_dropped_before_k_is_taken(protocol: Protocol) -> None:
    values = scored(protocol, [[5, 6, 1]], [(0, 5, 5.0), (0, 6, 1.0)], [(0, 1, 5.0)], 1)
    assert values["precision"][0] == 1.0


def test_full_gives_zero_to_a_user_without_a_list() -> None:
    assert scored("full", [[EMPTY, EMPTY]], [], TEST, 2)["ndcg"][0] == 0.0


def test_full_leaves_out_a_user_without_relevant_items() -> None:
    assert all(np.isnan(value[0]) for value in scored("full", [[2]], [], [(0, 2, 3.0)], 1).values())


@pytest.mark.parametrize(
    ("ranking", "test", "counted"),
    [
        ([7], [(0, 1, 5.0)], {"recall"}),
        ([2], [(0, 2, 3.0)], {"precision"}),
        ([2], [(0, 2, 3.0), (0, 1, 5.0)], {"precision", "recall", "ndcg", "mrr", "hit", "f1"}),
        ([1], [(0, 1, 5.0)], {"precision", "recall", "ndcg", "map", "mrr", "hit", "f1"}),
        ([1], [], set()),
    ],
    ids=["empty condensed list", "nothing relevant", "no hit", "a hit", "no test rating"],
)
def test_condensed_counts_a_user_where_the_metric_is_defined(
    ranking: list[int], test: Triples, counted: set[str]
) -> None:
    values = scored("condensed", [ranking], [], test, 1)
    assert {name for name, value in values.items() if not np.isnan(value[0])} == counted


def test_only_held_out_movies_are_ranked_where_asked() -> None:
    train, test = [(1, 5, 4.0)], [(0, 1, 5.0)]
    assert scored("full", [[5, 6, 1], [EMPTY] * 3], train, test, 1)["hit"][0] == 0.0
    assert (
        scored("full", [[5, 6, 1], [EMPTY] * 3], train, test, 1, only_held_out=True)["hit"][0]
        == 1.0
    )


def test_averages_leave_out_uncounted_users_other_groups_and_empty_metrics() -> None:
    values = {"ndcg": np.array([0.5, np.nan, 1.0, 0.0]), "map": np.full(4, np.nan)}
    assert averages(values, np.array([True, True, True, False])) == {"ndcg": (0.75, 2)}


def plain_full(ranking: list[int], ratings: dict[int, float], k: int) -> dict[str, float]:
    liked = {item for item, rating in ratings.items() if rating >= 4}
    places = [p for p, item in enumerate(ranking[:k], 1) if item in liked]
    ideal = min(k, len(liked))
    precision, recall = len(places) / k, len(places) / len(liked)
    return {
        "precision": precision,
        "recall": recall,
        "ndcg": sum(1 / math.log2(p + 1) for p in places)
        / sum(1 / math.log2(p + 1) for p in range(1, ideal + 1)),
        "map": sum(n / p for n, p in enumerate(places, 1)) / ideal,
        "mrr": 1 / places[0] if places else 0.0,
        "hit": float(bool(places)),
        "f1": 2 * precision * recall / (precision + recall) if places else 0.0,
    }


def plain_condensed(ranking: list[int], ratings: dict[int, float], k: int) -> dict[str, float]:
    liked = {item for item, rating in ratings.items() if rating >= 4}
    short = [item for item in ranking[:k] if item in ratings]
    places = [p for p, item in enumerate(short, 1) if item in liked]
    found = {}
    if short:
        found["precision"] = len(places) / len(short)
    if liked:
        found["recall"] = len(places) / len(liked)
    if short and liked:
        found["ndcg"] = plain_full(short, ratings, k)["ndcg"]
    if places:
        found["map"] = sum(n / p for n, p in enumerate(places, 1)) / len(liked)
    return found


@st.composite
def users(draw: st.DrawFn) -> tuple[list[int], set[int], dict[int, float], int]:
    """A ranking, training items, test ratings and k."""
    ranking = draw(st.lists(st.integers(0, 19), unique=True, max_size=20))
    train = draw(st.sets(st.integers(0, 19), max_size=8))
    rated = draw(st.sets(st.integers(0, 19), max_size=12)) - train
    ratings = {item: draw(st.sampled_from([1.0, 2.0, 3.0, 4.0, 5.0])) for item in sorted(rated)}
    return ranking, train, ratings, draw(st.integers(1, 12))


@given(users())
def test_full_equals_its_plain_reading(
    case: tuple[list[int], set[int], dict[int, float], int],
) -> None:
    ranking, train, ratings, k = case
    values = scored(
        "full", [ranking], [(0, i, 5.0) for i in train], [(0, i, r) for i, r in ratings.items()], k
    )
    if any(rating >= 4 for rating in ratings.values()):
        unseen = [item for item in ranking if item not in train]
        assert {name: value[0] for name, value in values.items()} == pytest.approx(
            plain_full(unseen, ratings, k)
        )
    else:
        assert all(np.isnan(value[0]) for value in values.values())


@given(users())
def test_condensed_equals_its_plain_reading(
    case: tuple[list[int], set[int], dict[int, float], int],
) -> None:
    ranking, train, ratings, k = case
    values = scored(
        "condensed",
        [ranking],
        [(0, i, 5.0) for i in train],
        [(0, i, r) for i, r in ratings.items()],
        k,
    )
    unseen = [item for item in ranking if item not in train]
    counted = {
        name: values[name][0]
        for name in ("precision", "recall", "ndcg", "map")
        if not np.isnan(values[name][0])
    }
    assert counted == pytest.approx(plain_condensed(unseen, ratings, k))


@given(users())
def test_recall_and_hit_never_fall_with_k(
    case: tuple[list[int], set[int], dict[int, float], int],
) -> None:
    ranking, _, ratings, _ = case
    test = [(0, 0, 5.0), *((0, item, rating) for item, rating in ratings.items() if item != 0)]
    curve = [scored("full", [ranking], [], test, k) for k in (1, 5, 10, 20)]
    assert all(
        lower[name][0] <= higher[name][0]
        for lower, higher in pairwise(curve)
        for name in ("recall", "hit")
    )
