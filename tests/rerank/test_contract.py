"""The contract that every strategy keeps that may ask a judge."""

import asyncio
import json
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from stages.contracts.fusion import fused_order
from stages.contracts.plan import COMPUTED_STRATEGIES
from stages.contracts.rows import Judgement
from stages.core.variants import variants
from stages.llm.providers.offline import Offline
from stages.rerank.named import strategy_named
from stages.rerank.params import RerankParams
from stages.rerank.pools import Bench, judged, pools

NAMES = sorted({*variants("stages.rerank.strategies", "STRATEGY")} - {*COMPUTED_STRATEGIES})
QUESTIONS: dict[str, Callable[[int], int]] = {
    "none": lambda _n: 0,
    "prompt": lambda _n: 1,
    "scored": lambda n: 3 * -(-n // 5),
    "pairwise": lambda n: n * (n - 1) // 2,
    "insertion": lambda n: sum(math.ceil(math.log2(3 * k / 4)) for k in range(1, n + 1)),
    "tournament": lambda n: 2 * -(-n // 5),
    "batched": lambda n: -(-n // 3),
    "setwise": lambda n: sum(height(node, n) for node in range(n)) + 9 * height(0, n),
}


def height(node: int, n: int) -> int:
    """Levels below a node of a heap of n whose nodes have three children."""
    return 1 + height(3 * node + 1, n) if 3 * node + 1 < n else 0


LISTS = np.random.default_rng(5).permuted(np.tile(np.arange(40), (4, 1)), axis=1)
CANDIDATES = pd.DataFrame(
    {
        "user_row": np.repeat(np.arange(4), 40),
        "item_row": LISTS.ravel(),
        "place": np.tile(np.arange(40), 4),
    }
)
WORTH = {f"Title {row:02d}": float((row * 37) % 101) for row in range(60)}
MakeBench = Callable[..., Bench]


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(params=[name for name in NAMES if name != "none"])
def asking(request: pytest.FixtureRequest) -> str:
    """A strategy that asks the judge."""
    return request.param


def run(
    name: str, bench: Bench, lists: pd.DataFrame = CANDIDATES, users: tuple[int, ...] = (0, 1, 2, 3)
) -> tuple[pd.DataFrame, list[Judgement]]:
    strategy = strategy_named(name, RerankParams())
    made = asyncio.run(judged(strategy, bench, list(pools(lists, users, strategy.pool))))
    return made.values, made.judgements


def pool_of(name: str) -> int:
    return strategy_named(name, RerankParams()).pool


def test_every_strategy_has_its_bound_stated_here() -> None:
    assert set(NAMES) <= set(QUESTIONS)


@pytest.mark.parametrize("n", [1, 2, 3, 5, 6, 11, 20])
def test_every_candidate_has_a_value_between_0_and_1(name: str, n: int, bench: MakeBench) -> None:
    rows, _ = run(name, bench(Offline()), CANDIDATES[CANDIDATES["place"] < n])
    assert rows.groupby("user_row").size().tolist() == [n] * 4
    assert rows["value"].between(0, 1).all()


def test_the_pool_is_the_first_candidates_in_the_base_order(name: str, bench: MakeBench) -> None:
    rows, _ = run(name, bench(Offline()))
    for user in range(4):
        mine = rows[rows["user_row"] == user]
        assert mine["item_row"].tolist() == LISTS[user, : pool_of(name)].tolist()
        assert mine["place"].tolist() == list(range(pool_of(name)))


def test_the_fused_order_is_a_permutation_of_the_pool(
    name: str, bench: MakeBench, doubles: Any
) -> None:
    rows, _ = run(name, bench(doubles.perfect(worth=WORTH)))
    for user in range(4):
        mine = rows[rows["user_row"] == user]
        order = fused_order(mine["value"].to_numpy())
        assert sorted(mine["item_row"].to_numpy()[order]) == sorted(LISTS[user, : pool_of(name)])


@pytest.mark.parametrize("name", ["prompt", "scored", "pairwise", "insertion"])
def test_a_perfect_judge_gives_the_perfect_order(name: str, bench: MakeBench, doubles: Any) -> None:
    rows, judgements = run(name, bench(doubles.perfect(worth=WORTH)))
    assert {one.outcome for one in judgements} == {"answered"}
    for user in range(4):
        mine = rows[rows["user_row"] == user]
        by_value = mine.sort_values("value", ascending=False)["item_row"].tolist()
        assert by_value == sorted(mine["item_row"], key=lambda row: -WORTH[f"Title {row:02d}"])


@pytest.mark.parametrize(
    "said",
    [
        "I liked them all!",
        "",
        "{}",
        '{"order": []}',
        '{"order": ["F99", "Title 03"], "scores": [{"label": "F99", "score": 5}]}',
        '{"scores": [{"label": "F01", "score": 101}], "order": "F01"}',
        '{"scores": [{"label": "F01", "score": NaN}], "order": [1]}',
        '{"order": [null',
        '{"best": "F99"}',
        '{"best": ["F01"]}',
    ],
)
def test_garbage_gives_the_base_order_and_counts_as_not_answered(
    name: str, said: str, bench: MakeBench, doubles: Any
) -> None:
    rows, judgements = run(name, bench(doubles.babbling(said=said)))
    for user in range(4):
        values = rows.loc[rows["user_row"] == user, "value"].to_numpy()
        assert np.argsort(-values, kind="stable").tolist() == list(range(pool_of(name)))
    assert bool(judgements) == (name != "none")
    assert all(
        one.outcome == "invalid" and one.order is None and one.scores is None for one in judgements
    )


@pytest.mark.parametrize("n", [1, 4, 5, 6, 40])
def test_calls_stay_within_their_bound(name: str, n: int, bench: MakeBench, doubles: Any) -> None:
    good, bad = doubles.perfect(worth=WORTH), doubles.babbling()
    for model in (good, bad):
        run(name, bench(model), CANDIDATES[CANDIDATES["place"] < n])
    bound = 4 * QUESTIONS[name](min(n, pool_of(name)))
    assert len(good.tasks) <= bound
    assert len(bad.tasks) <= 2 * bound


def test_the_row_order_of_the_candidates_changes_nothing(
    name: str, bench: MakeBench, doubles: Any
) -> None:
    mixed = CANDIDATES.sample(frac=1, random_state=1)
    assert_same(
        run(name, bench(doubles.perfect(worth=WORTH))),
        run(name, bench(doubles.perfect(worth=WORTH)), mixed),
    )


def test_other_users_change_nothing(name: str, bench: MakeBench) -> None:
    rows, judgements = run(name, bench(Offline()))
    mine = (
        rows[rows["user_row"] == 2].reset_index(drop=True),
        [one for one in judgements if one.user_id == "userid2"],
    )
    assert_same(run(name, bench(Offline()), users=(2,)), mine)


def assert_same(
    one: tuple[pd.DataFrame, list[Judgement]], other: tuple[pd.DataFrame, list[Judgement]]
) -> None:
    pd.testing.assert_frame_equal(one[0], other[0])
    assert one[1] == other[1]


def test_no_message_holds_an_id_or_a_rating(name: str, bench: MakeBench, doubles: Any) -> None:
    model = doubles.babbling()
    run(name, bench(model))
    said = " ".join(message.content for task in model.tasks for message in task.messages())
    assert all(word not in said for word in ("userid", "itemid", "rating", "timestamp"))
    films = [film for task in model.tasks for film in task.payload.get("candidates", [])]
    assert all(set(film) == {"label", "title", "year", "genres", "tags"} for film in films)


def test_labels_are_opaque_and_shuffled(asking: str, bench: MakeBench, doubles: Any) -> None:
    model = doubles.perfect(worth=WORTH)
    run(asking, bench(model), users=(0,))
    shown = [
        [(film["label"], film["title"]) for film in task.payload["candidates"]]
        for task in model.tasks
    ]
    assert all(
        [label for label, _ in films] == [f"F{n + 1:02d}" for n in range(len(films))]
        for films in shown
    )
    place = {f"Title {row:02d}": place for place, row in enumerate(LISTS[0])}
    orders = [[place[title] for _, title in films] for films in shown]
    by_chance = sum(1 / math.factorial(len(order)) for order in orders)
    assert sum(order == sorted(order) for order in orders) <= 1.5 * by_chance + 1


def test_the_seed_alone_decides_the_labels(asking: str, bench: MakeBench, doubles: Any) -> None:
    asked = []
    for seed in (7, 7, 8):
        model = doubles.perfect(worth=WORTH)
        run(asking, bench(model, seed))
        asked.append([json.dumps(task.payload) for task in model.tasks])
    assert asked[0] == asked[1] != asked[2]


def test_each_user_has_draws_of_its_own(asking: str, bench: MakeBench, doubles: Any) -> None:
    same = CANDIDATES.assign(item_row=CANDIDATES["place"])
    shown = set()
    for user in range(4):
        model = doubles.perfect(worth=WORTH)
        run(asking, bench(model), same, (user,))
        shown.add(json.dumps([task.payload["candidates"] for task in model.tasks]))
    assert len(shown) == 4


def test_liked_films_are_shown_by_title_and_only_so_many(
    asking: str, bench: MakeBench, doubles: Any
) -> None:
    for titles, liked in ((10, ["Title 50"]), (0, [])):
        model = doubles.perfect(worth=WORTH)
        run(asking, bench(model, titles=titles), users=(0,))
        assert model.tasks[0].payload["user"]["liked_films"] == liked


def test_the_bounds_for_twenty_films_are_the_ones_in_the_docstrings() -> None:
    assert {
        name: QUESTIONS[name](20) for name in ("insertion", "pairwise", "setwise", "tournament")
    } == {
        "insertion": 62,
        "pairwise": 190,
        "setwise": 37,
        "tournament": 8,
    }


def test_setwise_gives_the_best_ten_in_order_and_the_rest_in_the_base_order(
    bench: MakeBench, doubles: Any
) -> None:
    rows, _ = run("setwise", bench(doubles.perfect(worth=WORTH)))
    for user in range(4):
        mine = rows[rows["user_row"] == user]
        by_value = mine.sort_values("value", ascending=False)["item_row"].tolist()
        best = sorted(mine["item_row"], key=lambda row: -WORTH[f"Title {row:02d}"])[:10]
        assert by_value == best + [row for row in mine["item_row"] if row not in best]


@pytest.mark.parametrize("name", ["tournament", "batched"])
def test_merged_batches_of_a_perfect_judge_come_near_the_perfect_order(
    name: str, bench: MakeBench, doubles: Any
) -> None:
    rows, _ = run(name, bench(doubles.perfect(worth=WORTH)))
    for user in range(4):
        mine = rows[rows["user_row"] == user]
        worth = [WORTH[f"Title {row:02d}"] for row in mine["item_row"]]
        assert np.corrcoef(mine["value"], np.argsort(np.argsort(worth)))[0, 1] > 0.8


def test_every_film_of_the_pool_is_judged(asking: str, bench: MakeBench, doubles: Any) -> None:
    rows, judgements = run(asking, bench(doubles.noisy(worth=WORTH)))
    for user in range(4):
        shown = {item for one in judgements if one.user_id == f"userid{user}" for item in one.shown}
        assert shown == {f"itemid{row}" for row in rows.loc[rows["user_row"] == user, "item_row"]}


def test_a_noisy_judge_still_gives_every_value_once(
    asking: str, bench: MakeBench, doubles: Any
) -> None:
    rows, _ = run(asking, bench(doubles.noisy(worth=WORTH)))
    for _, mine in rows.groupby("user_row"):
        order = np.argsort(-mine["value"].to_numpy(), kind="stable")
        assert sorted(order) == list(range(pool_of(asking)))
        worth = np.array([WORTH[f"Title {row:02d}"] for row in mine["item_row"]])
        top, rest = worth[order[:5]].mean(), worth[order[-5:]].mean()
        assert top > rest


def test_users_and_questions_at_the_same_time_give_the_same_rows_and_record(
    asking: str, bench: MakeBench, doubles: Any
) -> None:
    strategy = strategy_named(asking, RerankParams())
    done = []
    for concurrency in (1, 3, 32):
        model = doubles.slow(worth=WORTH)
        cases = list(pools(CANDIDATES, range(4), strategy.pool))
        made = asyncio.run(judged(strategy, bench(model), cases, concurrency))
        done.append((made.values, made.judgements))
        assert model.most >= min(concurrency, 4)
    assert_same(done[0], run(asking, bench(doubles.perfect(worth=WORTH))))
    assert_same(done[0], done[1])
    assert_same(done[0], done[2])


def test_no_more_users_are_judged_at_once_than_allowed(bench: MakeBench, doubles: Any) -> None:
    model = doubles.slow(worth=WORTH)
    strategy = strategy_named("prompt", RerankParams())
    asyncio.run(judged(strategy, bench(model), list(pools(CANDIDATES, range(4), 20)), 2))
    assert model.most == 2
