"""Laws that hold for every list."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.metrics.registry import ACCURACY


@st.composite
def lists(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    """Hits (users, k), and at least as many relevant items as hits, but at least one."""
    users, k = draw(st.integers(1, 5)), draw(st.integers(1, 12))
    bits = draw(st.lists(st.booleans(), min_size=users * k, max_size=users * k))
    hits = np.array(bits, dtype=bool).reshape(users, k)
    more = draw(st.lists(st.integers(0, 15), min_size=users, max_size=users))
    return hits, np.maximum(hits.sum(axis=1) + np.array(more), 1)


@pytest.mark.parametrize("name", ACCURACY)
@given(case=lists())
def test_values_lie_between_zero_and_one(name: str, case: tuple[np.ndarray, np.ndarray]) -> None:
    values = ACCURACY[name](*case)
    assert (values >= 0).all()
    assert (values <= 1 + 1e-12).all()


@pytest.mark.parametrize("name", ACCURACY)
@given(case=lists(), data=st.data())
def test_a_hit_one_place_higher_never_scores_lower(
    name: str, case: tuple[np.ndarray, np.ndarray], data: st.DataObject
) -> None:
    hits, relevant = case
    place = data.draw(st.integers(0, hits.shape[1] - 1))
    better = hits.copy()
    above = max(place - 1, 0)
    better[:, above], better[:, place] = (
        hits[:, above] | hits[:, place],
        hits[:, above] & hits[:, place],
    )
    assert (ACCURACY[name](better, relevant) >= ACCURACY[name](hits, relevant) - 1e-12).all()


@pytest.mark.parametrize("name", ACCURACY)
@given(case=lists(), data=st.data())
def test_permuting_users_permutes_the_values(
    name: str, case: tuple[np.ndarray, np.ndarray], data: st.DataObject
) -> None:
    hits, relevant = case
    order = np.array(data.draw(st.permutations(range(len(hits)))))
    np.testing.assert_array_equal(
        ACCURACY[name](hits[order], relevant[order]), ACCURACY[name](hits, relevant)[order]
    )


@given(case=lists())
def test_ndcg_is_one_exactly_where_the_top_is_full_of_hits(
    case: tuple[np.ndarray, np.ndarray],
) -> None:
    hits, relevant = case
    ideal = np.minimum(relevant, hits.shape[1])
    on_top = np.array([row[:n].all() for row, n in zip(hits, ideal, strict=True)])
    np.testing.assert_array_equal(np.isclose(ACCURACY["ndcg"](hits, relevant), 1.0), on_top)
