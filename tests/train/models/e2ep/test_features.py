"""Features of items: what the products of their vectors say."""

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp

from stages.train.fitting.data import TrainingData
from stages.train.fitting.facts import Facts
from stages.train.models.e2ep.features import PEOPLE, THEMES, YEAR, item_features

NONE = np.zeros(0, dtype=np.int64)


def flags(*rows: list[float]) -> sp.csr_matrix:
    return sp.csr_matrix(np.array(rows, dtype=np.float32))


def items(
    year: list[float], people: sp.csr_matrix | None = None, themes: sp.csr_matrix | None = None
) -> TrainingData:
    nothing = sp.csr_matrix((len(year), 0), dtype=np.float32)
    of_people, of_themes = (nothing if part is None else part for part in (people, themes))
    facts = Facts(nothing.toarray(), np.array(year, dtype=np.float32), of_people, of_themes)
    return TrainingData(NONE, NONE, NONE, 0, len(year), facts=facts)


def products(data: TrainingData) -> np.ndarray:
    found = item_features(data, text=True, components=100)
    return found @ found.T


def test_a_shared_person_and_a_shared_theme_count_by_their_weights() -> None:
    people, themes = flags([1, 0], [1, 0], [0, 1], [0, 1]), flags([1, 0], [0, 0], [1, 0], [0, 0])
    found = products(items([np.nan] * 4, people, themes))
    assert found[0, 1:] == pytest.approx([PEOPLE**2, THEMES**2, 0], abs=1e-6)


def test_films_of_the_newest_year_stand_alike_on_a_whole_bump() -> None:
    found = products(items([2000, 2000, 1999, 1950, np.nan, np.nan]))
    assert found[0, 1] == pytest.approx(found[0, 0], abs=1e-6)
    assert found[0, 0] >= YEAR**2


def test_an_unknown_year_is_no_year() -> None:
    assert products(items([2000, 1990, np.nan, np.nan]))[2:] == pytest.approx(
        np.zeros((2, 4)), abs=1e-6
    )


def test_a_year_tells_new_films_apart_and_old_ones_not() -> None:
    found = products(items([2000, 1999, 1961, 1960, np.nan, np.nan]))
    lengths = np.sqrt(found.diagonal())
    assert (
        found[0, 1] / (lengths[0] * lengths[1])
        < 0.9
        < 0.99
        < found[2, 3] / (lengths[2] * lengths[3])
    )


def test_where_nothing_is_known_there_are_no_columns() -> None:
    bare = TrainingData(NONE, NONE, NONE, 0, 3)
    for data in (bare, items([np.nan] * 3), items([np.nan] * 3, flags([0, 0], [0, 0], [0, 0]))):
        assert item_features(data, text=True, components=5).shape == (3, 0)


@pytest.mark.parametrize("components", [1, 3, 100])
def test_there_are_at_most_so_many_components(components: int, tiny: TrainingData) -> None:
    found = item_features(tiny, text=True, components=components)
    assert found.shape == (tiny.n_items, min(components, tiny.n_items - 1))
    assert found.dtype == np.float32


def test_twice_the_same_bytes(tiny: TrainingData) -> None:
    first, second = (item_features(tiny, text=True, components=4).tobytes() for _ in range(2))
    assert first == second


def test_text_is_among_them_only_where_asked(tiny: TrainingData) -> None:
    without = item_features(replace(tiny, item_text=None), text=True, components=4)
    assert np.array_equal(item_features(tiny, text=False, components=4), without)
    assert not np.allclose(item_features(tiny, text=True, components=4), without)
