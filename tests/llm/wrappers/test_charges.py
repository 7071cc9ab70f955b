"""What an attempt costs that brought no answer, as the ledger and so the budgets see it."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from stages.core.errors import E2epError
from stages.llm.answers.structured import Answer, ask
from stages.llm.params import LlmParams
from stages.llm.providers import connected
from tests.llm.batch_server import BatchServer, Plan, echo
from tests.llm.conftest import label_of
from tests.llm.server import Act, Server, chat

Make = Callable[..., Any]
MODELS = {"openai": "gpt-4o-mini", "gemini": "gemini-3.5-flash-lite"}
GOOD = '{"label": "a", "score": 1}'


def params(server: Server | BatchServer, provider: str = "openai", **more: Any) -> LlmParams:
    url = server.url + ("/v1" if provider == "openai" else "")
    fields = {"provider": provider, "base_url": url, "model": MODELS[provider], "attempts": 2}
    return LlmParams(**fields | more)


def asked(setting: LlmParams, clock: Any, task: Any) -> Answer:
    async def run() -> Answer:
        async with connected(setting, clock) as model:
            return await ask(model, task)

    return asyncio.run(run())


def spent(tmp_path: Path) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(tmp_path / "cache" / "ledger.sqlite")) as database:
        return database.execute(
            "SELECT outcome, input_tokens, output_tokens, dollars FROM attempts"
        ).fetchall()


@pytest.mark.parametrize(
    "act",
    [
        *(Act({"error": {}}, status) for status in (400, 401, 402, 403, 404, 422)),
        Act({"error": {"code": "insufficient_quota"}}, 429),
        Act({"error": {}}, 429, {"retry-after": "7200"}),
    ],
    ids=["400", "401", "402", "403", "404", "422", "no quota", "far"],
)
@pytest.mark.parametrize("provider", ["openai", "gemini"])
def test_an_attempt_that_was_turned_away_for_good_costs_nothing(
    provider: str, act: Act, serve: Make, task: Make, clock: Any, tmp_path: Path
) -> None:
    try:
        assert asked(params(serve(act), provider, attempts=1), clock, task()).outcome == "failed"
    except E2epError:
        assert act.status in (401, 402, 403, 404, 429)
    assert spent(tmp_path) == [("failed", 0, 0, 0.0)]


def test_what_was_turned_away_has_no_price_where_none_is_known(
    serve: Make, task: Make, clock: Any, tmp_path: Path
) -> None:
    """Else the sum would say that the others cost nothing."""
    setting = params(serve(Act({"error": {}}, 401)), model="a-model-of-mine")
    with pytest.raises(E2epError):
        asked(setting, clock, task())
    assert spent(tmp_path) == [("failed", 0, 0, None)]


def test_three_runs_against_a_wrong_address_leave_the_budget_whole(
    serve: Make, task: Make, clock: Any
) -> None:
    """The budget is enough for one answer of the greatest length, not for two."""
    lost, found = serve(Act({"error": {}}, 404)), serve(chat(GOOD))
    budgets = {"dollars": 0.004}
    for _ in range(3):
        with pytest.raises(E2epError, match="does not know the model gpt-4o-mini"):
            asked(params(lost, budgets=budgets), clock, task())
    assert label_of(asked(params(found, budgets=budgets), clock, task())) == "a"
    assert (len(lost.asked), len(found.asked)) == (3, 1)


@pytest.mark.parametrize(
    ("provider", "plan"),
    [
        ("openai", Plan(refusal=Act({"error": {}}, 401))),
        ("openai", Plan(refusal=Act({"error": {}}, 400))),
        ("openai", Plan(refusal=Act({"error": {}}, 404))),
        ("openai", Plan(end="failed", codes=("invalid_json_line",))),
        ("gemini", Plan(refusal=Act({"error": {}}, 403))),
        ("gemini", Plan(end="failed")),
    ],
    ids=["401", "400", "404", "failed", "gemini 403", "gemini failed"],
)
def test_a_batch_that_was_refused_costs_nothing(
    provider: str, plan: Plan, serve_batches: Make, task: Make, clock: Any, tmp_path: Path
) -> None:
    setting = params(serve_batches(echo(provider), plan), provider, mode="batch")
    with pytest.raises(E2epError):
        asked(setting, clock, task())
    assert spent(tmp_path) == [("failed", 0, 0, 0.0)]


@pytest.mark.parametrize(
    ("plan", "more"),
    [
        (Plan(looks=10**9), {"budgets": {"minutes": 2}}),
        (Plan(looks=2, closed=True), {}),
        (Plan(refusal=Act("", 500)), {}),
    ],
    ids=["minutes", "401 while it waits", "nobody knows"],
)
def test_a_batch_that_may_be_answered_yet_counts_at_the_most_that_it_may_cost(
    plan: Plan, more: Any, serve_batches: Make, task: Make, clock: Any, tmp_path: Path
) -> None:
    setting = params(serve_batches(echo("openai"), plan), mode="batch", max_tokens=1000, **more)
    with pytest.raises(E2epError):
        asked(setting, clock, task())
    [(outcome, into, out, dollars)] = spent(tmp_path)
    assert (outcome, into > 200, out, dollars > 0) == ("begun", True, 1000, True)
