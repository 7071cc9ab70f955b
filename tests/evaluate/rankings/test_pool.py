"""The orders that a judged pool is compared in."""

import numpy as np
import pytest

from stages.core.seeds import generator
from stages.evaluate.rankings.fitting import Fit
from stages.evaluate.rankings.named import bounds, reranked
from stages.evaluate.rankings.pairs import Pairs
from stages.evaluate.rankings.pool import Pool, alone, fused, onto, oracle, pool_of, shuffled
from stages.metrics.catalogue import EMPTY

USERS, ITEMS = np.array([0, 0, 0, 2, 2]), np.array([4, 5, 6, 8, 7])
PLACES, VALUES = np.array([0, 1, 2, 0, 1]), np.array([0.0, 0.5, 1.0, 0.3, 0.3])
LIKED = Pairs.of(np.array([0, 2]), np.array([6, 7]), 10)
BASE = np.array([[4, 5, 6, 1, 2], [3, 2, 1, 0, EMPTY], [8, 7, 0, 1, EMPTY]])


@pytest.fixture
def pool() -> Pool:
    shuffle = np.array([3, 0, 4, 2, 1])
    return pool_of(USERS[shuffle], ITEMS[shuffle], PLACES[shuffle], VALUES[shuffle], 3)


def test_rows_in_any_order_give_the_pool_in_the_graphs_order(pool: Pool) -> None:
    assert pool.items.tolist() == [[4, 5, 6], [EMPTY] * 3, [8, 7, EMPTY]]
    np.testing.assert_array_equal(pool.values[0], [0.0, 0.5, 1.0])


def test_alone_is_the_judges_order_with_ties_by_graph_place(pool: Pool) -> None:
    assert alone(pool).tolist() == [[6, 5, 4], [EMPTY] * 3, [8, 7, EMPTY]]


def test_fused_follows_the_judge_at_weight_one_and_the_graph_at_weight_zero(pool: Pool) -> None:
    assert fused(pool, 1.0).tolist() == alone(pool).tolist()
    assert fused(pool, 0.0).tolist() == pool.items.tolist()


def test_fused_weighs_judge_and_place_over_each_users_own_pool(pool: Pool) -> None:
    # user 0 at .8: .2·1 = .20, .8·.5 + .2·.5 = .50, .8·1 = .80; user 2: .24 + .2 before .24
    assert fused(pool, 0.8).tolist() == [[6, 5, 4], [EMPTY] * 3, [8, 7, EMPTY]]


def test_oracle_puts_relevant_items_first_and_keeps_the_graphs_order_behind(pool: Pool) -> None:
    assert oracle(pool, LIKED).tolist() == [[6, 4, 5], [EMPTY] * 3, [7, 8, EMPTY]]


def test_shuffle_permutes_each_users_pool_and_repeats_with_its_seed(pool: Pool) -> None:
    first, again = (shuffled(pool, generator(1, "shuffle")) for _ in range(2))
    assert first.tolist() == again.tolist()
    assert np.sort(first, axis=1).tolist() == np.sort(pool.items, axis=1).tolist()
    assert (first[2, :2] != EMPTY).all()


def test_shuffle_of_a_user_does_not_depend_on_who_else_was_reranked(pool: Pool) -> None:
    only = USERS == 0
    fewer = pool_of(USERS[only], ITEMS[only], PLACES[only], VALUES[only], 3)
    draws = (generator(1, "shuffle") for _ in range(2))
    assert shuffled(pool, next(draws))[0].tolist() == shuffled(fewer, next(draws))[0].tolist()


def test_base_order_follows_below_the_pool_and_users_without_a_pool_keep_it(pool: Pool) -> None:
    whole = onto(BASE, alone(pool))
    assert whole.tolist() == [[6, 5, 4, 1, 2], [3, 2, 1, 0, EMPTY], [8, 7, 0, 1, EMPTY]]


def test_every_strategy_gives_a_fused_and_a_judges_ranking(pool: Pool) -> None:
    names = [name for name, _ in reranked("gat", BASE, {"listwise": pool, "scores": pool}, 0.8, {})]
    assert names == ["gat+listwise", "gat+listwise+alone", "gat+scores", "gat+scores+alone"]


def test_a_fitted_weight_gives_a_third_ranking(pool: Pool) -> None:
    found = dict(reranked("gat", BASE, {"scores": pool}, 1.0, {"scores": Fit(0.0, {})}))
    assert list(found) == ["gat+scores", "gat+scores+alone", "gat+scores+fitted"]
    assert found["gat+scores+fitted"].tolist() == onto(BASE, pool.items).tolist()


def test_a_computed_order_is_final_and_has_one_name(pool: Pool) -> None:
    fits = {"learned": Fit(1.0, {})}
    found = dict(reranked("gat", BASE, {"learned": pool}, 0.3, fits))
    assert list(found) == ["gat+learned"]
    assert found["gat+learned"].tolist() == onto(BASE, alone(pool)).tolist()


def test_strategies_that_share_a_pool_share_its_bounds(pool: Pool) -> None:
    found = bounds("gat", BASE, {"listwise": pool, "scores": pool}, LIKED, 1, "fold-1")
    assert [name for name, _ in found] == ["gat+shuffle", "gat+oracle"]


def test_a_deeper_pool_has_bounds_of_its_own(pool: Pool) -> None:
    deeper = pool_of(np.zeros(5, int), BASE[0], np.arange(5), np.zeros(5), 3)
    found = dict(bounds("gat", BASE, {"scores": deeper, "listwise": pool}, LIKED, 1, "fold-1"))
    assert list(found) == ["gat+shuffle", "gat+oracle", "gat+shuffle+top5", "gat+oracle+top5"]
    assert found["gat+oracle+top5"][2].tolist() == BASE[2].tolist()
