"""The fusion weight fitted on validation rows."""

import numpy as np
import pytest

from stages.evaluate.rankings.fitting import GRID, fitted
from stages.evaluate.rankings.pairs import Pairs
from stages.evaluate.rankings.pool import Pool, pool_of

N_ITEMS = 30
BASE = np.tile(np.arange(20), (2, 1))


def pool(values: np.ndarray) -> Pool:
    users, items = np.divmod(np.arange(values.size), values.shape[1])
    return pool_of(users, items, items, values.ravel(), len(values))


def liked(*items: int) -> Pairs:
    return Pairs.of(np.repeat([0, 1], len(items)), np.tile(np.array(items, dtype=int), 2), N_ITEMS)


def test_the_grid_runs_from_0_to_1() -> None:
    assert (GRID[0], GRID[-1], len(GRID)) == (0, 1, 21)


def test_a_judge_who_knows_has_weight_and_no_more_than_is_needed() -> None:
    """Item 1 ties the graph's first at w·1 + (1 − w)·.5 = 1 − w, w = 1/3; it leads from .35 on."""
    fit = fitted(BASE, pool(np.tile([0.0, 1.0, 0.0], (2, 1))), liked(1))
    assert fit.weight == 0.35
    assert (fit.ndcg[0.0], fit.ndcg[0.35], fit.ndcg[1.0]) == (pytest.approx(1 / np.log2(3)), 1, 1)


def test_a_judge_who_harms_has_weight_0() -> None:
    assert fitted(BASE, pool(np.tile([0.0, 1.0, 0.5], (2, 1))), liked(0)).weight == 0


def test_equal_weights_choose_the_smallest() -> None:
    fit = fitted(BASE, pool(np.tile([1.0, 0.5, 0.0], (2, 1))), liked(0))
    assert fit.weight == 0
    assert set(fit.ndcg.values()) == {1.0}


def test_without_a_liked_validation_film_the_weight_is_0() -> None:
    assert fitted(BASE, pool(np.tile([0.0, 1.0], (2, 1))), liked()).weight == 0


def test_users_who_were_not_judged_keep_the_base_and_decide_nothing() -> None:
    one = pool_of(np.zeros(3, int), np.arange(3), np.arange(3), np.array([0.0, 1.0, 0.0]), 2)
    assert fitted(BASE, one, liked(1)).weight == 0.35
