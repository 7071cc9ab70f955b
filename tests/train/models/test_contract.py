"""The contract that every model keeps."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stages.contracts.plan import READERS_OF_USERS
from stages.core.errors import MissingError
from stages.core.parcels import read_parcel, write_parcel
from stages.core.tables import read_arrays, write_arrays
from stages.train.fitting.basis import Basis
from stages.train.fitting.candidates import top_candidates
from stages.train.fitting.data import TrainingData
from stages.train.fitting.model import Watch
from stages.train.fitting.named import model_module, model_names
from stages.train.fitting.rescoring import scores_anybody
from stages.train.fitting.restored import ReadsRatings
from stages.train.listing import Listing

NAMES = model_names()
FEW = {"epochs": 3, "patience": 2}
BUILT_ON_TEXT = ("cosine", "integrated", "ridge", "unified")


def fresh(name: str, seed: int = 7) -> Any:
    """A model with few epochs where it has epochs."""
    module = model_module(name)
    return module.MODEL(
        module.Config(**{key: n for key, n in FEW.items() if key in module.Config.model_fields}),
        seed,
    )


def fitted(name: str, data: TrainingData, seed: int = 7) -> Any:
    model = fresh(name, seed)
    model.fit(data, Watch())
    return model


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    return request.param


def test_scores_are_users_by_items_and_finite(name: str, tiny: TrainingData) -> None:
    scores = fitted(name, tiny).score(np.arange(tiny.n_users))
    assert scores.shape == (tiny.n_users, tiny.n_items)
    assert np.isfinite(scores).all()


def test_a_user_is_scored_the_same_alone_and_among_others(name: str, tiny: TrainingData) -> None:
    model = fitted(name, tiny)
    together = model.score(np.arange(tiny.n_users))
    assert model.score(np.array([6, 2])) == pytest.approx(together[[6, 2]], rel=1e-5, abs=1e-5)


def test_nobody_asked_is_no_row(name: str, tiny: TrainingData) -> None:
    assert fitted(name, tiny).score(np.arange(0)).shape == (0, tiny.n_items)


def test_the_same_seed_gives_the_same_bytes(name: str, tiny: TrainingData) -> None:
    first, second = (fitted(name, tiny).weights() for _ in range(2))
    assert {key: array.tobytes() for key, array in first.items()} == {
        key: array.tobytes() for key, array in second.items()
    }


def test_weights_survive_the_disk_and_score_the_same_in_another_model(
    name: str, tiny: TrainingData, tmp_path: Path
) -> None:
    model, other = fitted(name, tiny), fitted(name, tiny, seed=8)
    write_arrays(tmp_path / "weights.safetensors", model.weights())
    other.restore(read_arrays(tmp_path / "weights.safetensors"))
    users = np.arange(tiny.n_users)
    assert np.array_equal(other.score(users), model.score(users))


def test_a_model_made_of_weights_and_ratings_alone_scores_the_same(
    name: str, tiny: TrainingData
) -> None:
    """As `restored` and `best_items` make it, without a fit."""
    model, other = fitted(name, tiny), fresh(name)
    other.restore(model.weights())
    if isinstance(other, ReadsRatings):
        other.read_ratings(replace(tiny, user_text=None, item_text=None, facts=None))
    users = np.array([6, 2, 0])
    assert np.array_equal(other.score(users), model.score(users))


def test_a_fitted_model_lists_the_same_where_it_has_travelled(
    name: str, tiny: TrainingData, tmp_path: Path
) -> None:
    """Its arrays are read-only there."""
    nobody = np.zeros(tiny.n_users, dtype=bool)
    placed = np.isin(np.arange(tiny.n_users), [1, 3]) & scores_anybody(model_module(name).MODEL)
    seen, every = tiny.matrix(np.ones(len(tiny.user))), np.ones(tiny.n_items, dtype=bool)
    for basis in (Basis.without(tiny, held) for held in (nobody, placed)):
        given = Listing(fitted(name, basis.fitted), basis, seen, every, 5)
        file = tmp_path / "listing"
        there = read_parcel(file, *write_parcel(file, given))
        here, made = (listing.of(np.arange(tiny.n_users)) for listing in (given, there))
        for ours, theirs in ((here.rows, made.rows), (here.parts, made.parts)):
            assert {key: column.tobytes() for key, column in ours.items()} == {
                key: column.tobytes() for key, column in theirs.items()
            }


@pytest.mark.parametrize(
    "name", [name for name in NAMES if scores_anybody(model_module(name).MODEL)]
)
def test_users_whom_it_was_not_fitted_on_are_scored_from_their_ratings(
    name: str, tiny: TrainingData
) -> None:
    """Each by their own: fewer ratings of one change nothing for the other."""
    held = np.isin(np.arange(tiny.n_users), [1, 3])
    fit = Basis.without(tiny, held)
    assert set(fit.fitted.user) == set(tiny.user) - {1, 3}
    model = fitted(name, fit.fitted)
    score = fit.scores(model, model.score)
    scores = score(np.arange(tiny.n_users))
    assert np.isfinite(scores).all()
    np.testing.assert_array_equal(scores[~held], model.score(np.flatnonzero(~held)))
    np.testing.assert_allclose(score(np.array([3]))[0], scores[3], rtol=1e-5, atol=1e-5)
    fewer = Basis.without(tiny.of_ratings((tiny.user != 3) | (tiny.item > 3)), held)
    again = fewer.scores(model, model.score)(np.array([1]))
    np.testing.assert_allclose(again[0], scores[1], rtol=1e-5, atol=1e-5)


def test_weights_once_taken_do_not_change_with_further_epochs(
    name: str, tiny: TrainingData
) -> None:
    taken: list[tuple[Any, dict[str, bytes]]] = []

    class Taking(Watch):
        def should_continue(self, epoch: int, loss: float, model: Any) -> bool:
            weights = model.weights()
            taken.append((weights, {key: array.tobytes() for key, array in weights.items()}))
            return super().should_continue(epoch, loss, model)

    fresh(name).fit(tiny, Taking())
    assert all(
        weights[key].tobytes() == then for weights, before in taken for key, then in before.items()
    )


def test_a_seen_item_is_never_a_candidate_and_every_other_one_is(
    name: str, tiny: TrainingData
) -> None:
    seen = tiny.matrix(np.ones(len(tiny.user)))
    rows = top_candidates(
        fitted(name, tiny).score, seen, np.ones(tiny.n_items, dtype=bool), tiny.n_items
    )
    listed = set(zip(rows["user_row"], rows["item_row"], strict=True))
    assert listed == set(zip(*np.nonzero(seen.toarray() == 0), strict=True))


def test_fits_whole_numbers_of_either_width(name: str, tiny: TrainingData) -> None:
    wide = replace(tiny, user=tiny.user.astype(np.int64), item=tiny.item.astype(np.int64))
    users = np.arange(tiny.n_users)
    assert np.array_equal(fitted(name, wide).score(users), fitted(name, tiny).score(users))


def test_a_refit_of_one_epoch_can_score(name: str, tiny: TrainingData) -> None:
    model = fresh(name)
    model.fit(tiny, Watch(last_epoch=1))
    assert np.isfinite(model.score(np.arange(tiny.n_users))).all()


def test_text_is_needed_only_where_the_model_names_a_form(name: str, tiny: TrainingData) -> None:
    bare = replace(tiny, user_text=None, item_text=None)
    if name in BUILT_ON_TEXT:
        with pytest.raises(MissingError, match=f"{name} needs profile embeddings"):
            fitted(name, bare)
    else:
        assert fitted(name, bare).score(np.array([0])).shape == (1, tiny.n_items)


def test_the_text_of_users_is_read_by_those_that_say_so(name: str, tiny: TrainingData) -> None:
    bare = replace(tiny, user_text=None)
    if name in READERS_OF_USERS:
        with pytest.raises(MissingError, match=f"{name} needs profile embeddings"):
            fitted(name, bare)
    else:
        users = np.arange(tiny.n_users)
        assert np.array_equal(fitted(name, bare).score(users), fitted(name, tiny).score(users))


def test_without_facts_of_the_films_it_fits_all_the_same(name: str, tiny: TrainingData) -> None:
    assert np.isfinite(fitted(name, replace(tiny, facts=None)).score(np.array([0]))).all()
