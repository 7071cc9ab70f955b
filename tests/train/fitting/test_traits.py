"""Age and gender as memberships."""

import numpy as np
import pandas as pd
import pytest

from stages.train.fitting.traits import AGES, traits_of


def traits(age: list[float | None], gender: list[str | None]) -> np.ndarray:
    return traits_of(pd.DataFrame({"age": age, "gender": pd.Series(gender, dtype=object)}))


def test_an_age_belongs_to_the_centres_near_it_by_hand() -> None:
    """At 25 the centres 18 and 32 lie one width away, so each has e^−½ of the share of 25."""
    (found,) = traits([25], [None])
    at = AGES.tolist().index(25)
    assert found.sum() == pytest.approx(1)
    assert found[[at - 1, at + 1]] / found[at] == pytest.approx(np.exp(-0.5), rel=1e-5)


def test_an_unknown_age_is_zeros_beside_known_ones() -> None:
    found = traits([None, 40], ["F", "F"])
    assert not found[0, : len(AGES)].any()
    assert found[1, : len(AGES)].argmax() == AGES.tolist().index(40)


def test_genders_are_flags_in_alphabetical_order_and_zeros_where_unknown() -> None:
    assert traits([1, 2, 3], ["M", None, "F"])[:, len(AGES) :].tolist() == [[0, 1], [0, 0], [1, 0]]


def test_where_nothing_is_known_of_anybody_all_is_zero() -> None:
    found = traits([np.nan, np.nan], [None, None])
    assert found.shape == (2, len(AGES))
    assert not found.any()
