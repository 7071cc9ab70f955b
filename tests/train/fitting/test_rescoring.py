"""Copies of users with fewer ratings score as the users would."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from stages.train.fitting.data import TrainingData, grade
from stages.train.fitting.model import Watch
from stages.train.fitting.named import model_module
from stages.train.fitting.rescoring import ScoresFromRatings, copies_without
from stages.train.models.e2ep.arrivals import not_arrived
from stages.train.models.paper import network as paper
from stages.train.models.paper import unified
from stages.train.models.popularity import Popularity

GRAPHS = ("e2ep", "gat", "unified")
NOTHING = np.array([], dtype=np.int64)


@pytest.mark.parametrize(
    "name", ["ease", "easebinary", "itemknn", "cosine", "e2ep", "gat", "unified"]
)
def test_a_copy_with_all_ratings_scores_as_the_user_after_a_restart(
    name: str, tiny: TrainingData
) -> None:
    module = model_module(name)
    config = module.Config(epochs=3, channels=8) if name in GRAPHS else module.Config()
    fitted, restored = module.MODEL(config, 1), module.MODEL(config, 1)
    fitted.fit(tiny, Watch())
    restored.restore(fitted.weights())
    users = np.array([2, 0, 6])
    again = restored.score_from_ratings(copies_without(tiny, users.tolist(), [NOTHING] * 3))
    np.testing.assert_allclose(again, fitted.score(users), atol=1e-5)


def test_what_later_takes_is_all_that_a_copy_with_all_ratings_scores_more_than_the_user(
    tiny: TrainingData,
) -> None:
    module, users = model_module("e2ep"), np.arange(tiny.n_users)
    model = module.MODEL(module.Config(epochs=3, channels=8, later=2.0), 1)
    model.fit(tiny, Watch())
    copies = copies_without(tiny, users.tolist(), [NOTHING] * len(users))
    taken = model.score_from_ratings(copies) - model.score(users)
    assert taken.max() == pytest.approx(2.0, abs=1e-5)
    np.testing.assert_allclose(taken, 2.0 * not_arrived(tiny, users), atol=1e-5)


def test_the_papers_model_with_two_layers_reads_as_with_the_edges_cut_out_of_the_graph(
    tiny: TrainingData,
) -> None:
    model = unified.MODEL(unified.Config(epochs=4, channels=8, heads=(2, 1)), 1)
    model.fit(tiny, Watch())
    rated = tiny.item[tiny.user == 1]
    cut = (tiny.user == 1) & np.isin(tiny.item, rated[:2])
    fewer = replace(tiny, user=tiny.user[~cut], item=tiny.item[~cut], rating=tiny.rating[~cut])
    network = paper.PaperNetwork(model.config, model.learned["nodes"])
    network.load_state_dict(model.learned)
    copies = copies_without(tiny, [1], [rated[:2]])
    with torch.no_grad():
        torch.testing.assert_close(network.read(copies)[0], network(paper.Edges().whole(fewer))[1])
    assert np.abs(model.score_from_ratings(copies)[0] - model.score(np.array([1]))[0]).max() > 1e-4


def test_only_the_named_ratings_of_the_named_user_go(tiny: TrainingData) -> None:
    rated = tiny.item[tiny.user == 3]
    copies = copies_without(tiny, [3, 3], [rated[1:2], NOTHING])
    assert copies.own.item[copies.own.user == 0].tolist() == np.delete(rated, 1).tolist()
    assert copies.own.item[copies.own.user == 1].tolist() == rated.tolist()


def test_a_model_that_does_not_read_ratings_says_so() -> None:
    assert not isinstance(Popularity, ScoresFromRatings)


def test_ridge_places_a_user_where_its_fit_would(tiny: TrainingData) -> None:
    module, users = model_module("ridge"), np.arange(tiny.n_users)
    model = module.MODEL(module.Config(), 1)
    model.fit(tiny, Watch())
    copies = copies_without(tiny, users.tolist(), [NOTHING] * len(users))
    np.testing.assert_allclose(model.place_users(copies), model.score(users), atol=1e-5)


def test_ials_solves_for_the_users_vector_with_the_items_fixed(tiny: TrainingData) -> None:
    """(YᵀY + Σ (c − 1) y yᵀ + λI) x = Σ c y over the rated items, c = α · grade (eq. 4)."""
    module = model_module("ials")
    config = module.Config(channels=4, regularization=0.5)
    model = module.MODEL(config, 1)
    model.fit(tiny, Watch())
    user, y = 2, model.items.astype(np.float64)
    mine = tiny.user == user
    c = config.alpha * grade(tiny.rating[mine], config.grades).astype(np.float64)
    rated = y[tiny.item[mine]][c > 0]
    c = c[c > 0]
    gram = y.T @ y + rated.T @ ((c - 1)[:, None] * rated) + 0.5 * np.eye(4)
    scores = y @ np.linalg.solve(gram, rated.T @ c)
    placed = model.place_users(copies_without(tiny, [user], [NOTHING]))[0]
    np.testing.assert_allclose(placed, scores, rtol=1e-3, atol=1e-6)


def test_a_model_of_vectors_places_a_user_among_the_items_that_they_like(
    tiny: TrainingData,
) -> None:
    module = model_module("lightgcn")
    model = module.MODEL(module.Config(epochs=2), 1)
    model.fit(tiny, Watch())
    items = model.items.numpy()
    liked = tiny.item[(tiny.user == 1) & (tiny.rating >= 4)]
    placed = model.place_users(copies_without(tiny, [1], [NOTHING]))[0]
    assert len(liked)
    np.testing.assert_allclose(placed, items @ items[liked].sum(axis=0), atol=1e-5)
