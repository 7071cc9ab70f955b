"""Hand-worked lists for the metrics beyond accuracy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.metrics.catalogue import EMPTY, Catalogue
from stages.metrics.gap import gap
from stages.metrics.registry import BEYOND

COUNTS = np.array([7, 3, 1, 0])
ITEMS = np.array([[0, 1], [0, EMPTY]])


def value(
    name: str,
    items: np.ndarray,
    vectors: np.ndarray | None = None,
    tastes: np.ndarray | None = None,
    genres: np.ndarray | None = None,
    histories: np.ndarray | None = None,
) -> float:
    return BEYOND[name](items, Catalogue(COUNTS, 7, vectors, tastes, genres, histories))


def test_coverage_is_the_share_of_the_catalogue_in_any_list() -> None:
    assert value("coverage", ITEMS) == 2 / 4


def test_novelty_is_the_mean_surprise_over_shown_places() -> None:
    assert value("novelty", ITEMS) == pytest.approx((0 + 1 + 0) / 3)


def test_novelty_of_a_movie_without_ratings_is_finite() -> None:
    assert value("novelty", np.array([[3]])) == pytest.approx(3.0)


def test_popularity_is_the_mean_training_count_over_shown_places() -> None:
    assert value("popularity", ITEMS) == pytest.approx((7 + 3 + 7) / 3)


def test_lift_is_the_users_mean_over_the_mean_of_what_they_chose() -> None:
    assert value("lift", ITEMS, tastes=np.array([2.0, 4.0])) == pytest.approx(
        ((7 + 3) / 2 + 7) / (2 + 4)
    )


def test_lift_leaves_out_users_without_a_list_or_a_training_item() -> None:
    items = np.array([[0, 1], [EMPTY, EMPTY], [0, 0]])
    assert value("lift", items, tastes=np.array([10.0, 1.0, np.nan])) == 0.5


def test_lift_is_undefined_without_the_users_tastes() -> None:
    assert np.isnan(value("lift", ITEMS))


def test_gini_counts_movies_that_are_never_shown() -> None:
    assert value("gini", ITEMS) == pytest.approx((-3 * 0 - 1 * 0 + 1 * 1 + 3 * 2) / (4 * 3))


def test_gini_is_zero_where_all_are_shown_equally_often() -> None:
    assert value("gini", np.array([[0, 1], [2, 3]])) == 0.0


def test_gini_of_one_movie_everywhere_is_one_less_a_share() -> None:
    assert value("gini", np.zeros((9, 1), dtype=np.int64)) == pytest.approx(1 - 1 / 4)


@pytest.mark.parametrize("name", ["novelty", "popularity", "lift", "gini", "ild", "miscalibration"])
def test_is_undefined_where_nothing_is_shown(name: str) -> None:
    half = np.full((2, 2), 0.5)
    shown = np.full((2, 3), EMPTY)
    assert np.isnan(value(name, shown, np.eye(4), np.ones(2), np.full((4, 2), 0.5), half))


def test_ild_of_orthogonal_movies_is_one_and_of_the_same_direction_zero() -> None:
    vectors = np.array([[2.0, 0], [0, 3], [5, 0], [0, 1]])
    assert value("ild", np.array([[0, 1]]), vectors) == pytest.approx(1.0)
    assert value("ild", np.array([[0, 2]]), vectors) == pytest.approx(0.0)


def test_ild_leaves_out_users_with_fewer_than_two_movies() -> None:
    assert value("ild", ITEMS, np.eye(4)) == pytest.approx(1.0)


def test_ild_is_undefined_without_embeddings() -> None:
    assert np.isnan(value("ild", ITEMS))


@given(seed=st.integers(0, 2**32 - 1))
def test_ild_equals_the_mean_over_all_pairs(seed: int) -> None:
    draw = np.random.default_rng(seed)
    vectors, items = draw.normal(size=(4, 3)), draw.permutation(4)[None, :3]
    units = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    pairs = [(0, 1), (0, 2), (1, 2)]
    expected = np.mean([1 - units[items[0, a]] @ units[items[0, b]] for a, b in pairs])
    assert value("ild", items, vectors) == pytest.approx(expected)


GENRES = np.array([[1, 0], [0, 1], [0.5, 0.5], [0, 0]])


def miscalibrated(items: list[int], history: list[float]) -> float:
    return value("miscalibration", np.array([items]), genres=GENRES, histories=np.array([history]))


def test_miscalibration_by_hand() -> None:
    """The list has (¾, ¼): √((√½ − √¾)² + (√½ − √¼)²) / √2."""
    expected = np.sqrt((0.5**0.5 - 0.75**0.5) ** 2 + (0.5**0.5 - 0.25**0.5) ** 2) / 2**0.5
    assert miscalibrated([0, 2], [0.5, 0.5]) == pytest.approx(expected)


def test_miscalibration_is_zero_for_the_shares_of_the_history_and_one_for_none_of_them() -> None:
    assert miscalibrated([0, 1], [0.5, 0.5]) == pytest.approx(0)
    assert miscalibrated([0, EMPTY], [0, 1]) == pytest.approx(1)


def test_items_without_a_genre_count_for_no_share() -> None:
    assert miscalibrated([0, 1, 3], [0.5, 0.5]) == pytest.approx(0)


def test_miscalibration_leaves_out_users_without_a_known_history() -> None:
    items, histories = np.array([[0, 1], [0, 0]]), np.array([[0.5, 0.5], [0, 0]])
    assert value("miscalibration", items, genres=GENRES, histories=histories) == pytest.approx(0)
    assert np.isnan(miscalibrated([0, 1], [0, 0]))


def test_a_gap_is_the_highest_mean_of_a_group_less_the_lowest() -> None:
    values = np.array([0.2, 0.4, 0.9, np.nan, 1.0])
    groups = [np.array(mask, bool) for mask in ([1, 1, 0, 0, 0], [0, 0, 1, 1, 0], [0, 0, 0, 1, 0])]
    assert gap(values, groups) == pytest.approx(0.9 - 0.3)


def test_a_gap_needs_two_groups_that_are_counted() -> None:
    values = np.array([0.2, np.nan])
    assert np.isnan(gap(values, [np.array([True, False]), np.array([False, True])]))
