"""Scores from ratings and learned arrays: the network's vectors, and the formula worked by hand."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from stages.train.fitting.data import TrainingData
from stages.train.fitting.model import Watch
from stages.train.models.e2ep.e2ep import E2ep
from stages.train.models.e2ep.present import DAY
from stages.train.models.e2ep.score import Learned
from stages.train.models.e2ep.settings import Config, Linear
from tests.train.models.e2ep.networks import network_of

NONE = np.zeros((0, 0), dtype=np.float32)
LEARNED = Learned(
    users=NONE,
    layers=NONE,
    items=np.array([[1, 0], [0, 1], [0.6, 0.8]], dtype=np.float32),
    bias=np.array([0.1, 0.2, 0.3], dtype=np.float32),
    target=NONE,
    source=NONE,
    edge=NONE,
    base=np.array([1, 2, 3], dtype=np.float32),
    lift=np.array([[0.5, 0, -0.5]], dtype=np.float32),
    members=np.array([1]),
    history=np.array([2.0], dtype=np.float32),
    graph=np.array([1.0], dtype=np.float32),
    weight=np.array([0.1], dtype=np.float32),
    linear=np.array([[0, 1, 2], [3, 0, 4], [5, 6, 0]], dtype=np.float32),
    linear_columns=np.zeros((0, 0), dtype=np.int32),
    order=np.array([0.5], dtype=np.float32),
    sequence=NONE,
    sequence_columns=np.zeros((0, 0), dtype=np.int32),
    fading=np.array([0.0], dtype=np.float32),
    present=np.array([1, 2, 3], dtype=np.float32),
    age=np.array([0.0], dtype=np.float32),
    past=np.array([3.0], dtype=np.float32),
    arrived=np.array([0.0, 10 * DAY, 70 * DAY]),
)
VECTORS = np.array([[1, 0], [0, 1]], dtype=np.float32)
SETTINGS = Config(
    temperature=0.5,
    linear=Linear(popularity=0.2, grades={5: 1.0, 4: 1.0, 3: 0.5, 1: 0.0}),
)
OWN = TrainingData(
    np.array([0, 1, 1]),
    np.array([0, 1, 2]),
    np.array([5.0, 4.0, 3.0]),
    2,
    3,
    traits=np.array([[1.0], [0.0]], np.float32),
)


@pytest.mark.parametrize("members", [1, 2])
@pytest.mark.parametrize("heads", [1, 2])
@pytest.mark.parametrize("layers", [1, 2, 3])
def test_placing_users_by_all_ratings_gives_the_networks_vectors(
    layers: int, heads: int, members: int, tiny: TrainingData
) -> None:
    shape: dict[str, Any] = {"layers": layers, "heads": heads, "members": members}
    config = Config(epochs=3, channels=8, learning_rate=0.3, user_text=True, **shape)
    model = E2ep(config, 1)
    model.fit(tiny, Watch())
    learned = Learned.of(model.weights())
    assert np.abs(learned.target).max() > 0.02
    np.testing.assert_allclose(
        learned.place(tiny, learned.users, config.grades), model.learned["refined"], atol=1e-5
    )


def test_placing_a_user_by_fewer_ratings_gives_the_vector_of_a_network_without_these_edges(
    tiny: TrainingData,
) -> None:
    """With one layer, as then the items of the other side stand before any edge."""
    config = Config(channels=8, heads=2, layers=1)
    gone = (tiny.user == 1) & np.isin(tiny.item, tiny.item[tiny.user == 1][:2])
    fewer = tiny.of_ratings(~gone)
    whole, cut = (network_of(data, config).learned() for data in (tiny, fewer))
    names = ("users", "layers", "target", "source", "edge")
    learned = replace(LEARNED, **{name: whole[name].numpy() for name in names})
    own = fewer.of_users(np.array([1]))
    found = learned.place(own, learned.users[[1]], config.grades)
    np.testing.assert_allclose(found[0], cut["refined"][1], atol=1e-6)
    assert np.abs(found[0] - whole["refined"][1].numpy()).max() > 1e-2


def test_scores_by_hand() -> None:
    """User 0 knows one item, so that their taste counts 1/3; user 1 two, so a half.

    β·X·B is .1·(0, 1, 2) and, with the grades 1 and ½, .1·(5.5, 3, 4); δ·log-popularity is
    .2·(1, 2, 3).
    """
    taken = np.array([0.2, 0.4, 0.6])
    first = (
        np.array([1.5, 2, 2.5])
        + (np.array([2 + 0.1 + 0, 0 + 0.2 + 0.1, 1.2 + 0.3 + 0.2]) - taken) / 3
    )
    second = (
        np.array([1, 2, 3])
        + (np.array([0 + 0.1 + 0.55, 2 + 0.2 + 0.3, 1.6 + 0.3 + 0.4]) - taken) / 2
    )
    assert LEARNED.scores(VECTORS, OWN, SETTINGS) == pytest.approx(
        np.stack([first, second]), abs=1e-6
    )


def test_the_parts_are_what_a_score_is_made_of() -> None:
    sequence = np.array([[0, 0, 0], [1, 0, 0], [0, 2, 0]], dtype=np.float32)
    whole = replace(LEARNED, sequence=sequence, graph=np.array([2.0], dtype=np.float32))
    ordered = replace(OWN, order=np.array([0, 0, 1]))
    parts = whole.parts(VECTORS, ordered, SETTINGS)
    assert list(parts) == ["graph", "linear", "sequence", "prior"]
    taste = parts["linear"] + 0.5 * parts["sequence"]
    personal = 2 * parts["graph"] + 0.1 * taste - 0.2 * np.array([1, 2, 3])
    total = parts["prior"] + personal / [[3], [2]]
    assert whole.scores(VECTORS, ordered, SETTINGS) == pytest.approx(total, abs=1e-6)


def test_a_linear_part_that_counts_nothing_is_as_none() -> None:
    """The final fit does not make it, and must rank as the fit that chose so."""
    sequence = np.array([[0, 0, 0], [1, 0, 0], [0, 2, 0]], dtype=np.float32)
    unweighted = replace(LEARNED, sequence=sequence, weight=np.zeros(1, dtype=np.float32))
    without = replace(LEARNED, linear=NONE)
    ordered = replace(OWN, order=np.array([0, 0, 1]))
    assert list(unweighted.parts(VECTORS, ordered, SETTINGS)) == ["graph", "prior"]
    assert np.array_equal(
        unweighted.scores(VECTORS, ordered, SETTINGS), without.scores(VECTORS, ordered, SETTINGS)
    )


def test_without_a_linear_part_the_rest_stays() -> None:
    without = replace(LEARNED, linear=NONE).scores(VECTORS, OWN, SETTINGS)
    of_linear = (np.array([[0, 1, 2], [5.5, 3, 4]]) * 0.1 - np.array([0.2, 0.4, 0.6])) / [[3], [2]]
    assert LEARNED.scores(VECTORS, OWN, SETTINGS) - without == pytest.approx(of_linear, abs=1e-6)


def test_without_ratings_a_score_is_exactly_the_prior() -> None:
    nobody = OWN.of_ratings(np.zeros(3, dtype=bool))
    assert LEARNED.scores(VECTORS, nobody, SETTINGS).tolist() == [[1.5, 2, 2.5], [1, 2, 3]]


def test_where_no_trait_is_learned_or_known_the_prior_is_the_base() -> None:
    nobody = replace(OWN.of_ratings(np.zeros(3, dtype=bool)), traits=None)
    plain = replace(LEARNED, lift=np.zeros((0, 3), dtype=np.float32))
    assert plain.scores(VECTORS, nobody, SETTINGS).tolist() == [[1, 2, 3]] * 2


def test_the_sequence_part_adds_what_follows_the_latest_ratings() -> None:
    """User 1 rated item 1, then item 2, so that T's rows count exp(−1/3) and 1."""
    sequence = np.array([[0, 0, 0], [1, 0, 0], [0, 2, 0]], dtype=np.float32)
    ordered = replace(OWN, order=np.array([0, 0, 1]))
    with_it = replace(LEARNED, sequence=sequence).scores(VECTORS, ordered, SETTINGS)
    # β·γ·(…), of which a user with two ratings gets a half and one with one a third
    added = 0.1 * 0.5 * np.array([[0, 0, 0], [np.exp(-1 / 3), 2, 0]]) / [[3], [2]]
    assert with_it - LEARNED.scores(VECTORS, OWN, SETTINGS) == pytest.approx(added, abs=1e-6)


def test_the_prior_is_as_of_now_and_marks_down_what_is_old_to_the_user() -> None:
    """Item 0 was never rated, item 1 came ten days in, and item 2 after the last rating of user 0.

    User 1 has no time, so that nothing is old to them.
    """
    timed = replace(OWN, timestamp=np.array([40 * DAY, 0, 0]))
    aged = replace(LEARNED, age=np.array([0.5], dtype=np.float32))
    change = aged.scores(VECTORS, timed, SETTINGS) - LEARNED.scores(VECTORS, timed, SETTINGS)
    expected = -0.5 * np.log([[1, 2, 1], [1, 1, 1]])
    assert change == pytest.approx(expected, abs=1e-6)
    moved = replace(LEARNED, present=np.array([4, 2, 0], dtype=np.float32))
    change = moved.scores(VECTORS, OWN, SETTINGS) - LEARNED.scores(VECTORS, OWN, SETTINGS)
    assert change == pytest.approx(np.tile([3, 0, -3], (2, 1)), abs=1e-6)
