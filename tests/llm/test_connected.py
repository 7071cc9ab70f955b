"""`connected` seen from a real server: how much at once, when it ends, what is counted."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from stages.core.errors import InputError
from stages.llm.answers.structured import Answer, ask
from stages.llm.params import LlmParams
from stages.llm.providers import connected
from stages.llm.waiting.deadline import BudgetError
from stages.llm.waiting.waits import Clockwork
from tests.llm.server import Act, Asked, Server, chat

Make = Callable[..., Any]
GOOD = '{"label": "a", "score": 1}'


def params(server: Server, **more: Any) -> LlmParams:
    return LlmParams(
        **{
            "provider": "openai",
            "model": "gpt-4o-mini",
            "base_url": f"{server.url}/v1",
            "timeout": 5.0,
        }
        | more
    )


def all_asked(setting: LlmParams, tasks: list[Any], clock: Clockwork | None = None) -> list[Any]:
    """Ask everything together; an answer or an error each."""

    async def run() -> list[Any]:
        async with connected(setting, clock) as model:
            return await asyncio.gather(
                *(ask(model, task) for task in tasks), return_exceptions=True
            )

    return asyncio.run(run())


def spent(tmp_path: Path) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(tmp_path / "cache" / "ledger.sqlite")) as database:
        return database.execute(
            "SELECT outcome, input_tokens, output_tokens, dollars FROM attempts"
        ).fetchall()


def test_as_many_are_under_way_as_the_concurrency_says(serve: Make, task: Make) -> None:
    server = serve(Act(chat(GOOD).body, delay=0.05))
    server.crowd = 3
    all_asked(params(server, concurrency=3), [task((str(n),)) for n in range(12)])
    assert server.most_under_way == 3


def test_a_server_that_knows_no_schemas_is_asked_without_also_by_many_at_once(
    serve: Make, task: Make
) -> None:
    refusal = Act(
        {"error": {"message": "response_format json_schema is not supported"}}, 400, delay=0.05
    )

    def script(asked: Asked) -> Act:
        return refusal if "response_format" in asked.body else chat(GOOD)

    answers = all_asked(params(serve(script)), [task((str(n),)) for n in range(20)])
    assert {answer.outcome for answer in answers} == {"answered"}


@pytest.mark.parametrize(("name", "limit"), [("dollars", 0.003), ("tokens", 4600), ("calls", 1)])
def test_a_budget_ends_the_run_before_what_it_does_not_allow(
    name: str, limit: float, serve: Make, task: Make
) -> None:
    """A question may take about 300 tokens in and 4,096 out, $.0025; two exceed each limit."""
    costly = {"prompt_tokens": 300, "completion_tokens": 4096}
    server = serve(chat(GOOD, usage=costly))
    first, second = all_asked(
        params(server, budgets={name: limit}), [task((str(n),)) for n in range(2)]
    )
    assert first.outcome == "answered"
    assert isinstance(second, BudgetError)
    assert f"llm.budgets.{name} is" in str(second)
    assert len(server.asked) == 1


def test_nobody_waits_beyond_the_minutes(serve: Make, task: Make, clock: Any) -> None:
    server = serve(Act({"error": {}}, 429, {"retry-after": "20"}))
    [found] = all_asked(params(server, budgets={"minutes": 0.1}), [task()], clock)
    assert isinstance(found, BudgetError)
    assert "llm.budgets.minutes is 0.1" in str(found)
    assert (sum(clock.slept), len(server.asked)) == (0, 1)


@pytest.mark.parametrize(
    ("act", "setting"),
    [
        (Act(chat(GOOD).body, delay=1.0), {"timeout": 0.2}),
        (Act(chat(GOOD).body, cut=True), {}),
        (Act("<html></html>"), {}),
    ],
    ids=["too slow", "cut", "HTML"],
)
def test_an_attempt_that_may_have_been_answered_counts_at_the_most_that_it_may_cost(
    act: Act, setting: dict[str, Any], serve: Make, task: Make, clock: Any, tmp_path: Path
) -> None:
    all_asked(params(serve(act), attempts=1, max_tokens=1000, **setting), [task()], clock)
    [(outcome, into, out, dollars)] = spent(tmp_path)
    assert (outcome, out) == ("failed", 1000)
    assert into > 200
    assert dollars == pytest.approx((into * 0.15 + 1000 * 0.6) / 1e6)


@pytest.mark.parametrize(
    "act", [Act({"error": {}}, 500), Act({"error": {}}, 429)], ids=["500", "429"]
)
def test_an_attempt_that_was_turned_away_costs_nothing(
    act: Act, serve: Make, task: Make, clock: Any, tmp_path: Path
) -> None:
    all_asked(params(serve(act), attempts=1), [task()], clock)
    assert spent(tmp_path) == [("failed", 0, 0, 0.0)]


def test_a_server_that_is_not_there_costs_nothing(
    serve: Make, task: Make, clock: Any, tmp_path: Path
) -> None:
    server = serve(chat(GOOD))
    server.shutdown()
    server.server_close()
    all_asked(params(server, attempts=1), [task()], clock)
    assert spent(tmp_path) == [("failed", 0, 0, 0.0)]


def test_a_repair_asks_in_words_and_shows_fault_and_schema(serve: Make, task: Make) -> None:
    server = serve(chat('{"label": 3}'), chat(GOOD))
    [answer] = all_asked(params(server), [task()])
    assert isinstance(answer, Answer)
    assert answer.repaired
    last = server.asked[1].body["messages"][-1]["content"]
    assert last.startswith("The answer above could not be used")
    assert '"fault"' in last
    assert '"schema"' in last


def test_the_command_that_goes_on_is_the_one_that_was_typed(
    serve: Make, task: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    setting = params(serve(chat(GOOD)), budgets={"calls": 1})
    [_, found] = all_asked(setting, [task(("a",)), task(("b",))])
    assert "go on with llm.budgets.calls: 4 in params.yaml" in str(found)
    monkeypatch.setenv("E2EP_COMMAND", "e2ep run --dataset shop --set llm.provider=openai")
    [found] = all_asked(setting, [task(("c",))])
    assert (
        "go on with `e2ep run --dataset shop --set llm.provider=openai --set llm.budgets.calls=4`"
        in str(found)
    )


@pytest.mark.parametrize("key", ["sk-canary\nX: y", "sk-canary\u00fc", "sk canary"])
def test_a_key_that_cannot_be_one_is_refused_without_being_shown(
    key: str, serve: Make, task: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("E2EP_API_KEY", key)
    with pytest.raises(
        InputError, match="E2EP_API_KEY holds a character that no key has"
    ) as raised:
        all_asked(params(serve(chat(GOOD))), [task()])
    assert "canary" not in str(raised.value)


def test_blanks_around_a_key_do_not_matter(
    serve: Make, task: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("E2EP_API_KEY", " sk-mine \n")
    server = serve(chat(GOOD))
    all_asked(params(server), [task()])
    assert {name.lower(): value for name, value in server.asked[0].headers.items()}[
        "authorization"
    ] == "Bearer sk-mine"


def test_a_prompt_does_not_follow_to_another_server(serve: Make, task: Make) -> None:
    other = serve(chat(GOOD))
    server = serve(Act("", 307, {"location": f"{other.url}/v1/chat/completions"}))
    [answer] = all_asked(params(server), [task()])
    assert (answer.outcome, len(server.asked), len(other.asked)) == ("failed", 1, 0)


def test_whatever_a_server_calls_itself_can_be_stored_and_shown(serve: Make, task: Make) -> None:
    body = chat(GOOD).body | {"model": "\ud800\x00evil\n\x1b[31m" + "x" * 500}
    [answer] = all_asked(params(serve(Act(body))), [task()])
    assert answer.outcome == "answered"
    assert answer.reply.model.startswith("?evil[31mxxx")
    assert len(answer.reply.model) == 100


def test_the_words_of_a_refusal_are_not_kept(serve: Make, task: Make, tmp_path: Path) -> None:
    [answer] = all_asked(
        params(serve(chat(None, refusal="your key sk-canary-1 does not"))), [task()]
    )
    assert (answer.outcome, answer.reply.text) == ("refused", "")
    assert all(
        b"sk-canary-1" not in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()
    )


def test_a_cache_of_another_layout_is_one_sentence(serve: Make, task: Make, tmp_path: Path) -> None:
    (tmp_path / "cache").mkdir()
    with closing(sqlite3.connect(tmp_path / "cache" / "ledger.sqlite")) as database:
        database.execute("CREATE TABLE attempts (a)")
    with pytest.raises(
        InputError,
        match=r"the cache in .* cannot be used: .*; make room there, move it away",
    ):
        all_asked(params(serve(chat(GOOD))), [task()])


def test_a_cache_folder_that_is_a_file_is_refused(
    serve: Make, task: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("E2EP_CACHE_DIR", str(tmp_path / "file"))
    with pytest.raises(InputError, match="which is not a folder; set E2EP_CACHE_DIR to one"):
        all_asked(params(serve(chat(GOOD))), [task()])
