"""Users pooled over the splits of a family."""

import numpy as np
import pytest

from stages.evaluate.statistics.places import Place, apart, by_history, pooled, splits_and_families

NAN = float("nan")


def place(name: str, *values: float, trained: tuple[int, ...] = ()) -> Place:
    """A split in which one ranking has these values."""
    return Place(
        name, {"ndcg@10": {"ease": np.array(values)}}, np.array(trained or [1] * len(values))
    )


FOLDS = {f"fold-{n}": place(f"fold-{n}", n / 10, NAN) for n in range(1, 6)}


def test_a_user_of_two_folds_has_their_mean_and_one_of_one_fold_its_value() -> None:
    both = pooled("fold", (place("fold-1", 0.2, NAN, NAN), place("fold-2", 0.6, 0.4, NAN)))
    assert both.values["ndcg@10"]["ease"][:2].tolist() == pytest.approx([0.4, 0.4])
    assert both.counted.tolist() == [True, True, False]


def test_training_ratings_are_averaged_over_the_folds_that_count_a_user() -> None:
    one, two = (
        place("fold-1", 0.2, NAN, trained=(10, 99)),
        place("fold-2", 0.6, 0.4, trained=(20, 8)),
    )
    assert pooled("fold", (one, two)).trained.tolist() == [15, 8]


def test_the_deviation_over_folds_is_that_of_their_means() -> None:
    one, two = place("fold-1", 0.2, 0.4), place("fold-2", 0.5, NAN)
    across = pooled("fold", (one, two)).across("ndcg@10", "ease")
    assert across == {"fold_mean": pytest.approx(0.4), "fold_sd": pytest.approx(0.2 / 2**0.5)}


def test_a_split_has_no_deviation_over_folds() -> None:
    assert place("fold-1", 0.2).across("ndcg@10", "ease") == {}


def test_a_fold_that_counts_nobody_is_no_fold_of_the_mean() -> None:
    across = pooled("fold", (place("f", 0.2), place("g", 0.4), place("h", NAN))).across(
        "ndcg@10", "ease"
    )
    assert across["fold_mean"] == pytest.approx(0.3)


def test_a_family_stands_where_all_five_splits_do_and_for_them() -> None:
    places = splits_and_families(FOLDS | {"temporal": place("temporal", 0.5, NAN)})
    assert [one.name for one in places][-2:] == ["temporal", "fold"]
    assert [one.name for one in apart(places)] == ["temporal", "fold"]


def test_a_split_with_a_ranking_that_its_family_lacks_stays_beside_it() -> None:
    more = Place(
        "fold-1",
        {"ndcg@10": {"ease": np.array([0.1, NAN]), "gat": np.array([0.2, NAN])}},
        np.array([1, 1]),
    )
    places = apart(splits_and_families(FOLDS | {"fold-1": more}))
    assert [one.name for one in places] == ["fold-1", "fold"]
    assert set(places[1].values["ndcg@10"]) == {"ease"}


def test_four_folds_are_no_family() -> None:
    four = {name: one for name, one in FOLDS.items() if name != "fold-3"}
    assert [one.name for one in apart(splits_and_families(four))] == list(four)


def test_a_family_among_those_with_few_ratings_counts_users_where_they_have_few() -> None:
    """User 0 has few in the first fold alone, user 1 in both, user 2 in none."""
    one = place("fold-1", 0.2, 0.4, 0.9, trained=(5, 9, 20))
    two = place("fold-2", 0.6, 0.8, 0.9, trained=(12, 9, 20))
    below_ten, below_twenty = by_history([one, pooled("fold", (one, two))], [10, 20])
    assert [below_ten.name, below_twenty.name] == ["fold/train<10", "fold/train<20"]
    assert below_ten.values["ndcg@10"]["ease"].tolist() == pytest.approx(
        [0.2, 0.6, NAN], nan_ok=True
    )
    assert below_twenty.values["ndcg@10"]["ease"].tolist() == pytest.approx(
        [0.4, 0.6, NAN], nan_ok=True
    )
    assert below_ten.across("ndcg@10", "ease")["fold_mean"] == pytest.approx((0.3 + 0.8) / 2)


def test_cold_users_stand_apart_by_the_ratings_they_kept() -> None:
    one, two = (
        place("cold-users-1", 0.2, NAN, trained=(0, 50)),
        place("cold-users-2", NAN, 0.4, trained=(50, 3)),
    )
    found = list(by_history([pooled("cold-users", (one, two))], [10, 20]))
    assert [part.name for part in found] == ["cold-users/n=0", "cold-users/n=3"]
    assert [part.counted.tolist() for part in found] == [[True, False], [False, True]]
