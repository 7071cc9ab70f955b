"""llm.json: what a step's calls add up to."""

from stages.contracts.calls import Asked, Calls
from stages.contracts.metrics.calls import CallTotals, Tokens
from stages.evaluate.output.calls import answering_models, step_calls

ROW = Calls(
    task="rank",
    model="a",
    calls=2,
    outcomes={"answered": 2},
    input_tokens=90,
    cached_tokens=20,
    output_tokens=7,
    dollars=0.25,
    seconds=1.5,
)


def test_splits_add_up_and_models_and_tasks_stay_apart() -> None:
    other = ROW.model_copy(update={"model": "b", "outcomes": {"refused": 2}, "dollars": None})
    found = step_calls(
        [Asked(calls=(ROW, other)), Asked(calls=(ROW, ROW.model_copy(update={"task": "explain"})))]
    )
    assert list(found) == ["explain", "rank"]
    assert found["rank"]["a"] == CallTotals(
        calls=4,
        outcomes={"answered": 4},
        tokens=Tokens(input=180, cached=40, output=14),
        dollars=0.5,
        seconds=3.0,
    )
    assert found["rank"]["b"].dollars is None
    assert answering_models({"rerank-prompt": found}) == {"a", "b"}


def test_a_step_that_asked_nothing_has_no_entry() -> None:
    assert step_calls([Asked(calls=())]) == {}
