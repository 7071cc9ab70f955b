"""What a ranking is worth: which metrics at which depths a split has."""

import math

import numpy as np
import pytest

from stages.evaluate.params import EvaluateParams
from stages.evaluate.protocols.measure import Split, measure
from stages.evaluate.protocols.truth import Rows, truth_of
from stages.metrics.catalogue import Catalogue

N_ITEMS = 120
LIKED = (0, 60, 110)
"""Relevant items of the only user, whose list is all items in order."""


def measured(split: str, length: int) -> dict[str, float]:
    test = Rows(np.zeros(3, dtype=np.int64), np.array(LIKED), np.full(3, 5.0))
    none = Rows(*(np.zeros(0, dtype=np.int64),) * 3)
    truth = truth_of(none, test, 1, N_ITEMS)
    catalogue = Catalogue(truth.counts, 1, None, truth.tastes)
    place = Split(split, truth, catalogue, {"": np.ones(1, dtype=bool)})
    found = measure("m", np.arange(length)[None, :], place, EvaluateParams())
    return dict(found.protocols["full"])


@pytest.mark.parametrize("split", ["new-users-3", "given"])
def test_a_split_has_the_metrics_by_which_published_work_knows_it(split: str) -> None:
    values = measured(split, 100)
    assert values["recall@50"] == pytest.approx(1 / 3)
    ideal = 1 + 1 / math.log2(3) + 1 / math.log2(4)
    assert values["ndcg@100"] == pytest.approx((1 + 1 / math.log2(62)) / ideal)


def test_lists_that_are_too_short_for_a_depth_have_no_value_there() -> None:
    assert {"recall@50", "ndcg@100"} & set(measured("given", 60)) == {"recall@50"}


def test_other_splits_have_the_depths_of_the_parameters_alone() -> None:
    assert {key.partition("@")[2] for key in measured("fold-1", 100)} - {""} == {"10", "20"}
