"""Newcomers, ranked without training, beside fits that know them; on ratings as the sample's."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from safetensors import safe_open

from stages.core.errors import InputError
from stages.core.tables import write_arrays
from stages.data.sample.catalogue import read_films
from stages.data.sample.generate import simulate
from stages.train.fitting.data import TrainingData
from stages.train.fitting.model import Watch
from stages.train.fitting.traits import traits_of
from stages.train.models.e2ep.e2ep import E2ep
from stages.train.models.e2ep.newcomers import (
    Newcomer,
    can_place,
    learned_for,
    rank_items,
    score_newcomer,
    traits_like,
)
from stages.train.models.e2ep.score import Learned
from stages.train.models.e2ep.settings import Config

USERS, HELD = 240, np.arange(0, 240, 12)
CONFIG = Config(epochs=10, every=10, channels=32, history=(2.0,))
PEOPLE = pd.DataFrame({"gender": ["M", "F", None, "F"], "age": [20.0, 31.0, 44.0, np.nan]})


@dataclass(frozen=True)
class Fits:
    """The ratings, a model of all users, and the file of one that never saw the users `HELD`."""

    data: TrainingData
    whole: E2ep
    without: Path

    def newcomer(self, user: int) -> Newcomer:
        mine = self.data.user == user
        return Newcomer(self.data.item[mine], self.data.rating[mine])

    def scores(self, newcomer: Newcomer) -> np.ndarray:
        with safe_open(self.without, "numpy") as arrays:
            return score_newcomer(learned_for(arrays, newcomer.items), newcomer, CONFIG)

    def top(self, scored: np.ndarray, user: int) -> set[int]:
        return set(rank_items(scored, self.newcomer(user))[:10].tolist())


@pytest.fixture(scope="module")
def fits(tmp_path_factory: pytest.TempPathFactory) -> Fits:
    rows = simulate(read_films(), USERS).ratings
    user, item = rows[:, 0] - 1, np.unique(rows[:, 1], return_inverse=True)[1]
    data = TrainingData(user, item, rows[:, 2].astype(np.float32), USERS, int(item.max()) + 1)
    whole, without = E2ep(CONFIG, 7), E2ep(CONFIG, 7)
    whole.fit(data, Watch())
    without.fit(data.of_ratings(~np.isin(user, HELD)), Watch())
    file = tmp_path_factory.mktemp("fits") / "weights.safetensors"
    write_arrays(file, without.weights())
    return Fits(data, whole, file)


def test_newcomers_are_ranked_much_as_by_a_fit_with_their_ratings(fits: Fits) -> None:
    """Mean overlap of the first ten with the fit's, beside those of two other rankings.

    These are the most liked items, and the scores of the next newcomer.
    """
    likes = np.bincount(fits.data.item, fits.data.rating >= 4, fits.data.n_items)
    overlaps = []
    for user, other in zip(HELD.tolist(), np.roll(HELD, 1).tolist(), strict=True):
        known = fits.top(fits.whole.score(np.array([user]))[0], user)
        found = (fits.scores(fits.newcomer(user)), likes, fits.scores(fits.newcomer(other)))
        overlaps.append([len(fits.top(scored, user) & known) / 10 for scored in found])
    own, popular, others = np.mean(overlaps, axis=0)
    assert own > 0.7
    assert own > max(popular, others) + 0.25


def test_reading_the_named_items_alone_changes_no_score(fits: Fits) -> None:
    newcomer = fits.newcomer(24)
    with safe_open(fits.without, "numpy") as arrays:
        every = learned_for(arrays, np.arange(fits.data.n_items))
    own = replace(fits.data.of_users(np.array([24])), traits=np.zeros((1, 0), dtype=np.float32))
    whole = every.scores(every.place(own, every.users, CONFIG.grades), own, CONFIG)[0]
    assert fits.scores(newcomer) == pytest.approx(whole, abs=1e-5)


def test_without_a_linear_part_newcomers_are_scored_too(fits: Fits, tmp_path: Path) -> None:
    newcomer = fits.newcomer(24)
    write_arrays(
        tmp_path / "weights", fits.whole.weights() | {"linear": np.zeros((0, 0), dtype=np.float32)}
    )
    with safe_open(tmp_path / "weights", "numpy") as arrays:
        bare = score_newcomer(learned_for(arrays, newcomer.items), newcomer, CONFIG)
    assert bare.shape == (fits.data.n_items,)
    assert np.isfinite(bare).all()


def test_films_near_a_disliked_one_score_lower_on_the_whole_than_if_it_was_liked(
    fits: Fits,
) -> None:
    gains = []
    for film in range(0, fits.data.n_items, 30):
        first = (film + 7) % fits.data.n_items
        items = np.array([first, film])
        best, worst = (
            fits.scores(Newcomer(items, np.array([5, second], np.float32))) for second in (5, 1)
        )
        near = np.setdiff1d(np.argsort(-fits.whole.learned["linear"][film])[:12], items)[:10]
        gains.append((best - worst)[near].mean())
    assert np.mean(gains) > 0.05


def test_all_items_are_ranked_but_those_that_the_newcomer_names(fits: Fits) -> None:
    newcomer = Newcomer(np.array([5, 2]), np.array([5, 1], np.float32))
    places = rank_items(fits.scores(newcomer), newcomer).tolist()
    assert sorted([*places, 2, 5]) == list(range(fits.data.n_items))


def test_equal_scores_are_ranked_by_row() -> None:
    named = Newcomer(np.array([1]), np.array([5], np.float32))
    assert rank_items(np.array([1.0, 3.0, 2.0, 2.0]), named).tolist() == [2, 3, 0]


@pytest.mark.parametrize(
    ("age", "gender", "row"), [(20, "M", 0), (31, "F", 1), (44, None, 2), (None, "F", 3)]
)
def test_a_newcomer_has_the_traits_of_a_user_like_them(
    age: int | None, gender: str | None, row: int
) -> None:
    assert traits_like(PEOPLE, age, gender)[0].tolist() == traits_of(PEOPLE)[row].tolist()


def test_an_unknown_gender_is_refused_with_the_known_ones() -> None:
    with pytest.raises(InputError, match="nobody in the data has the gender 'X'; choose from F, M"):
        traits_like(PEOPLE, None, "X")


def test_only_weights_with_everything_needed_can_place_a_newcomer() -> None:
    needed = set(Learned.__dataclass_fields__)
    assert can_place({*needed, "refined"})
    assert not can_place(needed - {"layers"})
