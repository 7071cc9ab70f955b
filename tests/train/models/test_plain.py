"""The models without epochs against counts, closed forms and another library."""

from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp

from stages.core.errors import MissingError
from stages.train.fitting.data import TrainingData
from stages.train.fitting.facts import Facts
from stages.train.fitting.model import Watch
from stages.train.models import cosine, ease, easebinary, ials, itemknn, popularity, recent, ridge

USERS, ITEMS = np.array([0, 0, 1, 1, 2]), np.array([0, 1, 1, 2, 1])


def fitted(module: Any, rating: list[float], **config: Any) -> Any:
    model = module.MODEL(module.Config(**config), 7)
    model.fit(TrainingData(USERS, ITEMS, np.array(rating), 3, 3), Watch())
    return model


def test_popularity_counts_ratings_of_four_and_more() -> None:
    scores = fitted(popularity, [4, 5, 3.5, 1, 4.5]).score(np.array([0, 2]))
    assert scores.tolist() == [[1, 2, 0], [1, 2, 0]]


DAY = 86_400


def timed(on: list[int], rating: list[float], **config: Any) -> Any:
    """A fit of `recent` on ratings of these days, counted from 1."""
    times = np.array(on) * DAY
    model = recent.MODEL(recent.Config(**config), 7)
    model.fit(TrainingData(USERS, ITEMS, np.array(rating), 3, 3, timestamp=times), Watch())
    return model


def test_recent_counts_likes_of_the_days_before_each_users_last_rating() -> None:
    """User 0 leaves on day 3, user 1 on day 9, user 2 on day 5; items 0, 1, 2 have 1, 3, 1 likes.

    In the four days up to day 3: items 0 and 1; up to day 9: item 2 (on day 9) and item 1 (day 8);
    up to day 5: items 0 (day 3), 1 (day 2 and day 5).
    """
    model = timed([3, 2, 8, 9, 5], [5, 5, 5, 5, 5], days=(4,))
    within = np.floor(model.score(np.arange(3)))
    assert within.tolist() == [[1, 1, 0], [0, 1, 1], [1, 2, 0]]


def test_recent_as_of_the_end_of_training_is_the_same_for_everybody() -> None:
    model = timed([3, 2, 8, 9, 5], [5, 5, 5, 3, 5], days=(1.5,), as_of=("training",))
    assert np.floor(model.score(np.arange(3))).tolist() == [[0, 1, 0]] * 3


def test_recent_breaks_ties_by_all_likes() -> None:
    scores = timed([3, 2, 8, 9, 5], [5, 5, 5, 5, 5], days=(1,), as_of=("training",))
    assert scores.score(np.array([0]))[0] == pytest.approx([1 / 4, 3 / 4, 1 + 1 / 4])


def test_recent_chooses_days_and_moment_on_valid() -> None:
    model = timed([3, 2, 8, 9, 5], [5] * 5, days=(4, 2), as_of=("training", "user"))
    wanted = timed([3, 2, 8, 9, 5], [5] * 5, days=(2,), as_of=("user",)).score(np.arange(3))
    model.tune(lambda score: -float(np.abs(score(np.arange(3)) - wanted).sum()))
    assert model.chosen == (2, "user")
    other = timed([3, 2, 8, 9, 5], [5] * 5)
    other.chosen = model.chosen
    assert np.array_equal(other.score(np.arange(3)), wanted)


def test_recent_without_times_is_refused_in_a_sentence() -> None:
    with pytest.raises(MissingError, match="recent needs times"):
        fitted(recent, [5, 5, 5, 5, 5])


def test_ease_is_the_closed_form_worked_by_hand() -> None:
    """X = [[1,1,0],[0,1,1],[0,1,0]] and λ = 1.

    XᵀX + λI = [[2,1,0],[1,4,1],[0,1,2]], whose inverse is [[7,-2,1],[-2,4,-2],[1,-2,7]]/12, so
    B = [[0,1/2,-1/7],[2/7,0,2/7],[-1/7,1/2,0]].
    """
    model = fitted(ease, [5, 4, 5, 4, 4], l2=1.0)
    by_hand = [[0, 1 / 2, -1 / 7], [2 / 7, 0, 2 / 7], [-1 / 7, 1 / 2, 0]]
    assert model.item_item == pytest.approx(np.array(by_hand), abs=1e-6)
    assert model.score(np.array([0]))[0] == pytest.approx([2 / 7, 1 / 2, 1 / 7], abs=1e-6)


def test_ease_counts_a_rating_by_its_grade_linear_between_whole_ones() -> None:
    model = fitted(ease, [5, 3.5, 3, 2, 1], l2=1.0)
    assert model.matrix.toarray().tolist() == [[1, 0.75, 0], [0, 0.5, 0.25], [0, 0, 0]]


def test_easebinary_counts_fours_and_fives_alone() -> None:
    assert fitted(easebinary, [5, 4, 3, 2, 1]).matrix.toarray().tolist() == [
        [1, 1, 0],
        [0, 0, 0],
        [0, 0, 0],
    ]


def test_itemknn_sums_cosines_to_the_liked_films_by_hand() -> None:
    """Likes [[1,1,0],[0,1,1],[0,1,0]]: cosines 0–1 and 1–2 are 1/√3, 0–2 is 0, its own is 1."""
    near = 1 / 3**0.5
    model = fitted(itemknn, [5, 4, 4, 5, 4])
    assert model.score(np.array([0]))[0] == pytest.approx([1 + near, 1 + near, near])


def test_itemknn_keeps_the_k_nearest_of_the_film_that_is_scored() -> None:
    """Film 1's nearest is itself, so with k = 1 a like of film 0 says nothing of it."""
    model = fitted(itemknn, [5, 4, 4, 5, 1], k=1)
    assert model.similarity.toarray() == pytest.approx(np.eye(3))


def test_itemknn_counts_ratings_from_its_threshold_on() -> None:
    model = fitted(itemknn, [5, 4.5, 3, 5, 4], threshold=4.5)
    assert model.likes.toarray().tolist() == [[1, 1, 0], [0, 0, 1], [0, 0, 0]]


def test_ials_solves_the_items_systems_of_its_last_round() -> None:
    """An item's vector is (UᵀU + Uᵀ(C − I)U + λI)⁻¹ Uᵀc, c the confidences of its ratings."""
    grades = {5: 1, 4: 1, 3: 0.5, 1: 0}
    model = fitted(
        ials,
        [5, 4, 5, 3, 1],
        channels=2,
        alpha=3.0,
        regularization=2.0,
        iterations=30,
        grades=grades,
    )
    confidence = np.array([[3, 3, 0], [0, 3, 1.5], [0, 0, 0]])
    users = model.users.astype(float)
    for item, row in enumerate(confidence.T):
        weight = np.where(row > 0, row, 1)
        exact = np.linalg.solve(users.T @ (weight[:, None] * users) + 2 * np.eye(2), users.T @ row)
        assert model.items[item] == pytest.approx(exact, abs=1e-3)


TEXT = np.array([[1.0, 0.0], [0.6, 0.8], [0.0, 1.0]], dtype=np.float32)


def test_cosine_is_to_the_mean_of_liked_profiles_by_hand() -> None:
    """User 0 likes items 0 and 1, of the sum (1.6, .8), direction (2, 1)/√5; user 1 likes none."""
    model = cosine.MODEL(cosine.Config(), 7)
    model.fit(TrainingData(USERS, ITEMS, np.array([5, 4, 3, 3, 4]), 3, 3, None, TEXT), Watch())
    first, second = model.score(np.array([0, 1]))
    assert first == pytest.approx(np.array([2, 2, 1]) / 5**0.5, abs=1e-6)
    assert second.tolist() == [0, 0, 0]


def test_ridge_is_scikit_learns_on_rated_films_and_scores_the_others_too() -> None:
    from sklearn.linear_model import Ridge

    draw = np.random.default_rng(0)
    text = draw.normal(size=(6, 2)).astype(np.float32)
    year, nothing = (
        np.array([1990, 1995, 1980, np.nan, 1970, 1999], dtype=np.float32),
        sp.csr_matrix((6, 0)),
    )
    facts = Facts(np.eye(6, 2, dtype=np.float32), year, nothing, nothing)
    data = TrainingData(
        np.array([0, 0, 1, 1]),
        np.array([0, 1, 2, 3]),
        np.array([5, 3, 4, 5]),
        2,
        6,
        None,
        text,
        facts,
    )
    model = ridge.MODEL(ridge.Config(l2=2.0, facts=0.5), 7)
    model.fit(data, Watch())
    year = np.nan_to_num((facts.year - np.nanmean(facts.year)) / np.nanstd(facts.year))
    features = np.column_stack([text, 0.5 * facts.genres, 0.5 * year])
    targets = np.array([[1, 0], [0.5, 0], [0, 1], [0, 1]])
    wanted = Ridge(alpha=2.0).fit(features[:4], targets).predict(features)
    assert model.score(np.array([0, 1])) == pytest.approx(wanted.T, abs=1e-5)
