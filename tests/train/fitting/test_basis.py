"""Held-out users: no weight knows them, and their lists come from what is known of them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from stages.contracts.rows import RATINGS, TRAINING
from stages.core.errors import ParamError
from stages.train.fitting.named import model_module, model_names
from stages.train.fitting.rescoring import scores_anybody
from stages.train.fitting.rows import SplitRows
from stages.train.fitting.selection import Fitted
from tests.train.whole import select_and_refit

N_USERS, N_ITEMS, MOST = 24, 20, 20
ASKED, CHOSEN = (0, 1, 2, 3, 4), (5, 6, 7)
"""The users of the fifth, and those that valid holds out."""
EPOCHS = {"epochs": 2, "every": 1}

New = Callable[[], Any]


def model(name: str) -> New:
    module = model_module(name)
    fields = module.Config.model_fields
    config = module.Config(**{key: n for key, n in EPOCHS.items() if key in fields})
    return lambda: module.MODEL(config, 7)


def table(rows: pd.DataFrame, history: str | None = None) -> pd.DataFrame:
    return rows.assign(timestamp=0, nth=-1, history=history)[TRAINING.names]


def rows_of(history_of_asked: int = 0, refit: bool = True) -> SplitRows:
    """A split new-users; history_of_asked: seeds the ratings that the fifth has in its history."""

    def drawn(seed: int, users: tuple[int, ...], items: range) -> pd.DataFrame:
        draw = np.random.default_rng(seed)
        pairs = [(u, i) for u in users for i in items if draw.random() < 0.6]
        pairs += [(u, items[0]) for u in users if u not in {user for user, _ in pairs}]
        rated = pd.DataFrame(pairs, columns=["user_row", "item_row"])
        return rated.assign(rating=draw.integers(1, 6, len(rated)).astype(np.float32))

    ordinary, known, rest = tuple(range(8, N_USERS)), range(14), range(14, 18)
    train = [
        table(drawn(1, ordinary, range(N_ITEMS - 1))),
        table(drawn(10 + history_of_asked, ASKED, known), "test"),
        table(drawn(2, CHOSEN, known), "valid"),
    ]
    valid = table(drawn(3, CHOSEN, rest).assign(rating=np.float32(5)))[RATINGS.names]
    text = np.random.default_rng(4).normal(size=(N_USERS + N_ITEMS, 6)).astype(np.float32)
    vectors = text[:N_USERS], text[N_USERS:]
    whole = pd.concat(train, ignore_index=True)
    return SplitRows("new-users-1", whole, valid, N_USERS, N_ITEMS, *vectors, refit=refit)


def made(name: str, rows: SplitRows) -> Fitted:
    return select_and_refit(model(name), rows, MOST)


def of(rows: pd.DataFrame, users: tuple[int, ...]) -> pd.DataFrame:
    return rows[rows["user_row"].isin(users)].reset_index(drop=True)


@pytest.mark.parametrize(
    "name", ["popularity", "itemknn", "ease", "ials", "lightgcn", "e2ep", "gat"]
)
@pytest.mark.parametrize("refit", [True, False])
def test_what_the_fifth_has_rated_changes_no_weight_and_nobody_elses_list(
    name: str, refit: bool
) -> None:
    first, second = (made(name, rows_of(seed, refit)) for seed in (0, 1))
    assert first.weights.keys() == second.weights.keys()
    for key, weights in first.weights.items():
        np.testing.assert_array_equal(weights, second.weights[key], err_msg=key)
    pd.testing.assert_frame_equal(first.curve, second.curve)
    others = tuple(range(5, N_USERS))
    pd.testing.assert_frame_equal(of(first.candidates, others), of(second.candidates, others))
    if name != "popularity":
        ours = ("item_row", "score")
        one, other = (of(fitted.candidates, ASKED)[list(ours)] for fitted in (first, second))
        assert not one.equals(other)


@pytest.mark.parametrize("name", ["ease", "e2ep"])
def test_the_fit_that_is_chosen_by_valid_does_not_see_the_users_of_valid(name: str) -> None:
    rows = rows_of()
    basis = rows.to_select()
    assert set(basis.fitted.user) == set(range(8, N_USERS))
    assert set(rows.to_list(model(name)()).fitted.user) == set(range(5, N_USERS))


def test_the_users_of_valid_are_in_the_refit_with_all_their_ratings() -> None:
    rows = rows_of()
    mine = np.isin(rows.to_list(model("ease")()).fitted.user, CHOSEN)
    asked = len(of(rows.valid, CHOSEN)) + len(of(rows.train, CHOSEN))
    assert mine.sum() == asked


def test_a_history_is_masked_in_the_lists() -> None:
    rows, fitted = rows_of(), made("ease", rows_of())
    seen = set(zip(rows.both["user_row"], rows.both["item_row"], strict=True))
    listed = set(zip(fitted.candidates["user_row"], fitted.candidates["item_row"], strict=True))
    assert not seen & listed
    assert {user for user, _ in listed} == set(range(N_USERS))


@pytest.mark.parametrize("name", ["itemknn", "ease", "e2ep"])
def test_a_placed_user_is_ranked_as_a_fitted_model_ranks_a_copy_with_these_ratings(
    name: str,
) -> None:
    """Two users of the fifth with the same history and text have the same list."""
    rows = rows_of()
    own = of(rows.train, (0,))
    twin = own.assign(user_row=1)
    train = pd.concat([rows.train[rows.train["user_row"] != 1], twin], ignore_index=True)
    fitted = made(name, replace(rows, train=train))
    first, second = (of(fitted.candidates, (user,)) for user in (0, 1))
    columns = ["item_row", "score"]
    pd.testing.assert_frame_equal(first[columns], second[columns], rtol=1e-5)


class Reading:
    """Scores an item by whether the user has a rating of the one before it."""

    form = None

    def __init__(self) -> None:
        self.fits: list[int] = []

    def fit(self, data: Any, _watch: Any) -> None:
        self.data = data
        self.fits.append(len(data.user))

    def score(self, users: np.ndarray) -> np.ndarray:
        return self._scores(self.data.of_users(users))

    def score_from_ratings(self, copies: Any) -> np.ndarray:
        return self._scores(copies.own)

    def _scores(self, own: Any) -> np.ndarray:
        return np.roll(own.matrix(np.ones(len(own.user))).toarray(), 1, axis=1)

    def weights(self) -> dict[str, np.ndarray]:
        return {}

    def restore(self, weights: dict[str, np.ndarray]) -> None: ...


class Remembering(Reading):
    """The same, of a model that knows only what it was fitted on."""

    score_from_ratings = None  # type: ignore[assignment]


def fold(refit: bool) -> SplitRows:
    train = table(pd.DataFrame({"user_row": [0, 1], "item_row": [0, 1], "rating": 5.0}))
    valid = table(pd.DataFrame({"user_row": [0], "item_row": [3], "rating": 5.0}))[RATINGS.names]
    return SplitRows("fold-1", train, valid, 2, 6, None, None, refit=refit)


@pytest.mark.parametrize(("refit", "fits"), [(True, [[2], [3]]), (False, [[2]])])
def test_without_a_refit_there_is_one_fit_and_the_list_still_follows_valid(
    refit: bool, fits: list[list[int]]
) -> None:
    models: list[Reading] = []

    def new() -> Any:
        models.append(Reading())
        return models[-1]

    fitted = select_and_refit(new, fold(refit), 1)
    assert [each.fits for each in models] == fits
    first = of(fitted.candidates, (0,))["item_row"].tolist()
    assert first == [1], "item 1 follows train's item 0, and item 4 valid's item 3"
    both = select_and_refit(new, fold(refit), 2)
    assert of(both.candidates, (0,))["item_row"].tolist() == [1, 4]
    assert set(of(both.candidates, (0,))["score"]) == {1.0}


def test_without_a_refit_a_model_that_reads_no_ratings_ranks_as_it_was_fitted() -> None:
    fitted = select_and_refit(Remembering, fold(refit=False), 2)
    scores = of(fitted.candidates, (0,))
    assert dict(zip(scores["item_row"], scores["score"], strict=True)) == {1: 1.0, 2: 0.0}
    assert 3 not in set(scores["item_row"])


def test_every_model_scores_users_whom_it_was_not_fitted_on() -> None:
    lacking = [name for name in model_names() if not scores_anybody(model_module(name).MODEL)]
    assert lacking == []


class Unable:
    """Knows nobody whom it was not fitted on."""

    def fit(self, _data: Any, _watch: Any) -> None:
        raise AssertionError("nothing may be fitted")


def test_a_model_that_cannot_is_refused_by_name_before_it_is_fitted() -> None:
    with pytest.raises(ParamError, match="Unable has no place_users, so it cannot score the users"):
        select_and_refit(Unable, rows_of(), MOST)  # type: ignore[arg-type]
