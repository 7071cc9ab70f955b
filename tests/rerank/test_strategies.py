"""Values of each strategy, worked by hand."""

import asyncio
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from stages.core.errors import ParamError
from stages.rerank.named import strategy_named
from stages.rerank.params import RerankParams
from stages.rerank.pools import Bench
from stages.rerank.strategies.scored import Config, Scored
from stages.rerank.strategy import values_of_order

MakeBench = Callable[..., Bench]


def test_values_of_an_order_fall_evenly_from_first_to_last() -> None:
    assert values_of_order([2, 0, 1]).tolist() == [0.5, 0.0, 1.0]
    assert values_of_order([0]).tolist() == [1.0]


def scored(bench: MakeBench, model: Any, n: int = 7, **config: Any) -> tuple[np.ndarray, Any]:
    judge = bench(model).judge(0, list(range(n)))
    return asyncio.run(Scored(Config(**config)).values(n, judge)), judge


def test_scored_judges_every_film_once_a_round(bench: MakeBench, doubles: Any) -> None:
    worth = {f"Title {row:02d}": 10.0 * row for row in range(7)}
    values, judge = scored(bench, doubles.perfect(worth=worth), batch=3, rounds=4)
    shown = [item for one in judge.judgements for item in one.shown]
    assert sorted(shown) == sorted(4 * [f"itemid{row}" for row in range(7)])
    assert [len(one.shown) for one in judge.judgements] == 4 * [3, 3, 1]
    assert values == pytest.approx(np.arange(7) / 10)


def test_scored_cuts_other_batches_in_every_round(bench: MakeBench, doubles: Any) -> None:
    worth = {f"Title {row:02d}": 50.0 for row in range(20)}
    _, judge = scored(bench, doubles.perfect(worth=worth), n=20, batch=5, rounds=3)
    batches = {frozenset(one.shown) for one in judge.judgements}
    assert len(batches) == 12


def test_a_film_that_nobody_scored_takes_the_mean_of_the_others(
    bench: MakeBench, doubles: Any
) -> None:
    model = doubles.echo(
        answer=lambda _labels: {
            "scores": [{"label": "F01", "score": 90}, {"label": "F02", "score": 30}]
        }
    )
    values, judge = scored(bench, model, n=3, batch=3, rounds=1)
    first, second, third = (int(item.removeprefix("itemid")) for item in judge.judgements[0].shown)
    assert [values[place] for place in (first, second, third)] == pytest.approx([0.9, 0.3, 0.6])


def test_a_film_scored_in_some_rounds_has_the_mean_of_those(bench: MakeBench, doubles: Any) -> None:
    answers = iter([20.0, 40.0])
    model = doubles.echo(
        answer=lambda _labels: {"scores": [{"label": "F01", "score": next(answers)}]}
    )
    values, _ = scored(bench, model, n=1, batch=1, rounds=2)
    assert values == pytest.approx([0.3])


def test_an_unknown_strategy_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(ParamError, match=r"names 'magic', .*none, pairwise, prompt, scored"):
        strategy_named("magic", RerankParams())


def test_a_setting_that_the_strategy_does_not_have_is_refused() -> None:
    params = RerankParams(strategies={"prompt": {"rounds": 3}})
    with pytest.raises(ParamError, match=r"rerank\.strategies\.prompt\.rounds"):
        strategy_named("prompt", params)
