"""Batch mode against a real server: the same outcomes as online, and what a batch can do wrong."""

import asyncio
import logging
import sqlite3
import traceback
from collections.abc import Callable
from contextlib import closing, nullcontext
from pathlib import Path
from typing import Any

import pytest

from stages.core.errors import AnswerError, E2epError
from stages.llm.answers.structured import Answer, ask
from stages.llm.batch.service import Limits
from stages.llm.concurrently import in_order
from stages.llm.params import LlmParams
from stages.llm.prices.prices import list_prices
from stages.llm.providers import connected
from stages.llm.providers.openai_batch import OpenAIBatches
from stages.llm.wrappers.budgeted import Budgets
from tests.llm.batch_server import SAYS, BatchServer, Plan, echo, said_by
from tests.llm.conftest import label_of
from tests.llm.server import Act, chat, gemini, nowhere

Make = Callable[..., Any]
CANARY = "sk-canary-4f1d2c9ab7e34d55a0c1"
GOOD = '{"label": "a", "score": 1}'
MODELS = {"openai": "gpt-4o-mini", "gemini": "gemini-3.5-flash-lite"}
BOTH = pytest.mark.parametrize("provider", ["openai", "gemini"])


def params(server: BatchServer, provider: str, **more: Any) -> LlmParams:
    url = server.url + ("/v1" if provider == "openai" else "")
    fields = {
        "provider": provider,
        "base_url": url,
        "model": MODELS[provider],
        "mode": "batch",
        "poll": 7.0,
    }
    return LlmParams(**fields | more)


def asked(setting: LlmParams, clock: Any, *tasks: Any) -> list[Answer]:
    async def run() -> list[Answer]:
        async with connected(setting, clock) as model:
            return await in_order(lambda task: ask(model, task), tasks, setting.width, "answers")

    return asyncio.run(run())


def rows(tmp_path: Path, file: str, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(tmp_path / "cache" / f"{file}.sqlite")) as database:
        return database.execute(sql).fetchall()


def tasks(make: Make, count: int) -> list[Any]:
    return [make((f"film {n}",)) for n in range(count)]


@BOTH
def test_one_batch_answers_each_question_whatever_the_order(
    provider: str, serve_batches: Make, clock: Any, task: Make, tmp_path: Path
) -> None:
    server = serve_batches(echo(provider), Plan(looks=3))
    answers = asked(params(server, provider), clock, *tasks(task, 40))
    assert [label_of(answer) for answer in answers] == [f"film {n}" for n in range(40)]
    assert [len(job.requests) for job in server.book.jobs] == [40]
    assert clock.slept.count(7.0) == 3
    assert rows(tmp_path, "batches", "SELECT * FROM batches, questions") == []


@BOTH
def test_a_batch_sends_what_a_single_request_sends(
    provider: str,
    serve_batches: Make,
    serve: Make,
    clock: Any,
    task: Make,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    batches, single = serve_batches(echo(provider)), serve(SAYS[provider](GOOD))
    asked(params(batches, provider), clock, task())
    monkeypatch.setenv("E2EP_CACHE_DIR", str(tmp_path / "other"))
    asked(params(single, provider, mode="online"), clock, task())
    sent = next(iter(batches.book.jobs[0].requests.values()))
    assert {
        key: value for key, value in sent.items() if (provider, key) != ("gemini", "model")
    } == single.asked[0].body


@BOTH
def test_the_ledger_holds_each_question_at_half_the_price(
    provider: str, serve_batches: Make, clock: Any, task: Make, tmp_path: Path
) -> None:
    asked(params(serve_batches(echo(provider)), provider), clock, *tasks(task, 3))
    price = list_prices()[MODELS[provider]]
    assert price.cached is not None
    half = (60 * price.input + 40 * price.cached + 10 * price.output) / 2e6
    spent = rows(
        tmp_path, "ledger", "SELECT outcome, input_tokens, output_tokens, dollars FROM attempts"
    )
    assert spent == [("answered", 100, 10, pytest.approx(half))] * 3


@pytest.mark.parametrize(
    ("provider", "act", "outcome"),
    [
        ("openai", chat(None, refusal="I can't."), "refused"),
        ("openai", chat(GOOD[:9], end="length"), "truncated"),
        ("openai", chat("", end="content_filter"), "filtered"),
        ("openai", Act({"error": {"code": "content_filter", "message": "no"}}, 400), "filtered"),
        ("openai", Act({"error": {"code": "invalid", "message": "no"}}, 400), "failed"),
        ("gemini", gemini(GOOD[:9], end="MAX_TOKENS"), "truncated"),
        ("gemini", gemini("", end="SAFETY"), "filtered"),
        ("gemini", gemini("", candidates=[], promptFeedback={"blockReason": "SAFETY"}), "filtered"),
        ("gemini", Act("", 3), "failed"),
    ],
)
def test_outcomes_are_those_of_online_mode(
    provider: str, act: Act, outcome: str, serve_batches: Make, clock: Any, task: Make
) -> None:
    server = serve_batches(lambda _: act)
    (answer,) = asked(params(server, provider), clock, task())
    assert (answer.outcome, answer.value, len(server.book.jobs)) == (outcome, None, 1)


@BOTH
def test_an_invalid_answer_is_repaired_in_a_second_batch(
    provider: str, serve_batches: Make, clock: Any, task: Make
) -> None:
    server = serve_batches(
        lambda request: SAYS[provider](GOOD if "fault" in said_by(request) else "no")
    )
    (answer,) = asked(params(server, provider), clock, task())
    assert (answer.outcome, answer.repaired, len(server.book.jobs)) == ("answered", True, 2)


@BOTH
@pytest.mark.parametrize("end", ["completed", "expired", "cancelled"])
def test_what_a_batch_leaves_out_goes_into_the_next_one_alone(
    provider: str, end: str, serve_batches: Make, clock: Any, task: Make, tmp_path: Path
) -> None:
    server = serve_batches(echo(provider), Plan(end=end, left_out=4), Plan())
    answers = asked(params(server, provider), clock, *tasks(task, 10))
    assert [answer.outcome for answer in answers] == ["answered"] * 10
    assert [len(job.requests) for job in server.book.jobs] == [10, 4]
    assert rows(tmp_path, "ledger", "SELECT count(*) FROM attempts WHERE outcome = 'failed'") == [
        (4,)
    ]


@pytest.mark.parametrize(
    ("provider", "status"), [("openai", 429), ("openai", 500), ("gemini", 8), ("gemini", 14)]
)
def test_a_passing_fault_of_one_question_is_taken_up_again(
    provider: str, status: int, serve_batches: Make, clock: Any, task: Make
) -> None:
    seen: list[str] = []

    def answer(request: dict[str, Any]) -> Act:
        seen.append(said_by(request))
        is_first = '"film 3"' in seen[-1] and seen.count(seen[-1]) == 1
        return (
            Act({"error": {"message": "sk-canary"}}, status)
            if is_first
            else echo(provider)(request)
        )

    server = serve_batches(answer)
    answers = asked(params(server, provider), clock, *tasks(task, 6))
    assert [label_of(answer) for answer in answers] == [f"film {n}" for n in range(6)]
    assert [len(job.requests) for job in server.book.jobs] == [6, 1]


def test_a_group_at_the_services_limit_becomes_several_batches(
    serve_batches: Make, clock: Any, task: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(OpenAIBatches, "limits", Limits(questions=4, bytes=10_000))
    server = serve_batches(echo("openai"))
    answers = asked(params(server, "openai"), clock, *tasks(task, 10))
    assert sorted(len(job.requests) for job in server.book.jobs) == [2, 4, 4]
    assert all(answer.outcome == "answered" for answer in answers)


@BOTH
def test_a_batch_larger_than_the_queue_goes_in_halves(
    provider: str, serve_batches: Make, clock: Any, task: Make
) -> None:
    refusal = Act(
        {"error": {"code": 429, "status": "RESOURCE_EXHAUSTED", "message": "sk-canary"}}, 429
    )
    full = (
        Plan(end="failed", codes=("token_limit_exceeded",))
        if provider == "openai"
        else Plan(refusal=refusal)
    )
    server = serve_batches(echo(provider), full, Plan())
    answers = asked(params(server, provider), clock, *tasks(task, 9))
    assert [label_of(answer) for answer in answers] == [f"film {n}" for n in range(9)]
    assert [len(job.requests) for job in server.book.jobs][-2:] == [5, 4]


def test_a_batch_without_room_goes_whole_once_the_others_are_done(
    serve_batches: Make, clock: Any, task: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(OpenAIBatches, "limits", Limits(questions=4, bytes=10_000))
    full = Plan(end="failed", codes=("token_limit_exceeded",))
    server = serve_batches(echo("openai"), Plan(looks=20), full, Plan())
    answers = asked(params(server, "openai"), clock, *tasks(task, 8))
    assert [answer.outcome for answer in answers] == ["answered"] * 8
    assert [len(job.requests) for job in server.book.jobs] == [4, 4, 4]


def test_the_end_of_one_wait_leaves_no_other_batch_waiting(
    serve_batches: Make, clock: Any, task: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(OpenAIBatches, "limits", Limits(questions=4, bytes=10_000))
    full = Plan(end="failed", codes=("token_limit_exceeded",))
    server = serve_batches(echo("openai"), Plan(looks=9, closed=True), full, Plan())
    with pytest.raises(
        E2epError, match=r"^answers: stopped after 0 of 8; the server asks for a key"
    ):
        asked(params(server, "openai"), clock, *tasks(task, 8))


@pytest.mark.parametrize(
    ("provider", "plan", "said"),
    [
        (
            "openai",
            Plan(end="failed", codes=("invalid_json_line",)),
            r"openai refuses batch batch_0 \(invalid_json_line\)",
        ),
        (
            "openai",
            Plan(end="failed", codes=("insufficient_quota",)),
            "E2EP_API_KEY has no quota left",
        ),
        (
            "openai",
            Plan(refusal=Act({"error": {"message": "sk-canary"}}, 401)),
            "asks for a key",
        ),
        (
            "openai",
            Plan(refusal=Act({"error": {}}, 404)),
            r"does not offer batches .* set llm\.mode to online",
        ),
        ("openai", Plan(refusal=Act({"error": {}}, 400)), r"openai refuses the batch \(HTTP 400\)"),
        (
            "openai",
            Plan(refusal=Act({"error": {}}, 500)),
            r"failed 8 times in a row \(last: HTTP 500\)",
        ),
        ("openai", Plan(refusal=Act({"error": {}}, 429)), "has no room for a batch of 1 questions"),
        ("gemini", Plan(end="failed"), "gemini failed batch batches/0"),
        ("gemini", Plan(keyless=True), "does not say which answer belongs to which question"),
        (
            "gemini",
            Plan(refusal=Act({"error": {"message": "sk-canary"}}, 403)),
            "forbids the use of gemini-3.5-flash-lite",
        ),
    ],
)
def test_what_cannot_get_better_ends_the_run_in_one_sentence(
    provider: str,
    plan: Plan,
    said: str,
    serve_batches: Make,
    clock: Any,
    task: Make,
    capfd: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(E2epError, match=rf"^answers: stopped after 0 of 2; .*{said}") as failure:
        asked(params(serve_batches(echo(provider), plan), provider), clock, *tasks(task, 2))
    assert "canary" not in str(failure.value) + "".join(capfd.readouterr())


@BOTH
def test_after_a_refused_batch_the_same_questions_can_be_sent_again(
    provider: str, serve_batches: Make, clock: Any, task: Make
) -> None:
    server = serve_batches(echo(provider), Plan(end="failed", codes=("model_not_found",)), Plan())
    with pytest.raises(E2epError):
        asked(params(server, provider), clock, task())
    (answer,) = asked(params(server, provider), clock, task())
    assert (answer.outcome, len(server.book.jobs)) == ("answered", 2)


@BOTH
def test_a_batch_whose_creation_went_unanswered_is_found_and_not_made_twice(
    provider: str, serve_batches: Make, clock: Any, task: Make
) -> None:
    server = serve_batches(echo(provider), Plan(), Plan(), Plan(), Plan(cut=True), Plan())
    for n in range(3):
        asked(params(server, provider), clock, task((f"earlier {n}",)))
    answers = asked(params(server, provider), clock, *tasks(task, 5))
    assert [label_of(answer) for answer in answers] == [f"film {n}" for n in range(5)]
    assert [len(job.requests) for job in server.book.jobs] == [1, 1, 1, 5]


def test_a_person_reads_of_each_batch_that_it_was_sent_and_how_it_ended(
    serve_batches: Make, clock: Any, task: Make, capfd: pytest.CaptureFixture[str]
) -> None:
    asked(
        params(serve_batches(echo("openai"), Plan(left_out=1), Plan()), "openai"),
        clock,
        *tasks(task, 3),
    )
    assert capfd.readouterr().err.splitlines() == [
        "openai: batch batch_0 of 3 questions is under way",
        "openai: batch batch_0 has ended: 1 failed · 2 answered",
        "openai: batch batch_1 of 1 questions is under way",
        "openai: batch batch_1 has ended: 1 answered",
    ]


def test_a_budget_of_dollars_sends_no_more_than_it_allows_and_says_what_is_missing(
    serve_batches: Make, clock: Any, task: Make
) -> None:
    server = serve_batches(echo("openai"))
    price = {"gpt-4o-mini": {"input": 0, "output": 2e6}}
    setting = params(server, "openai", max_tokens=100, prices=price, budgets=Budgets(dollars=230))
    with pytest.raises(
        E2epError, match=r"^answers: stopped after 14 of 30; llm\.budgets\.dollars is 230"
    ):
        asked(setting, clock, *tasks(task, 30))
    assert [len(job.requests) for job in server.book.jobs][:1] == [2]
    assert len(server.book.questions()) == 14


def test_minutes_end_the_wait_and_the_same_command_goes_on(
    serve_batches: Make, clock: Any, task: Make
) -> None:
    server = serve_batches(echo("openai"), Plan(looks=100))
    sentence = (
        r"^answers: stopped after 0 of 3; llm\.budgets\.minutes is 2 and over: "
        "1 batch is under way at openai"
    )
    with pytest.raises(E2epError, match=sentence):
        asked(params(server, "openai", budgets=Budgets(minutes=2)), clock, *tasks(task, 3))
    answers = asked(params(server, "openai"), clock, *tasks(task, 3))
    assert [answer.outcome for answer in answers] == ["answered"] * 3
    assert len(server.book.jobs) == 1


def test_a_batch_that_the_service_has_forgotten_is_made_again(
    serve_batches: Make, clock: Any, task: Make
) -> None:
    server, other = (serve_batches(echo("openai"), Plan(looks=100)), serve_batches(echo("openai")))
    with pytest.raises(E2epError, match="is under way"):
        asked(params(server, "openai", budgets=Budgets(minutes=1)), clock, task())
    (answer,) = asked(params(other, "openai"), clock, task())
    assert (answer.outcome, len(other.book.jobs)) == ("answered", 1)


@BOTH
def test_the_key_is_in_no_file_log_or_exception(
    provider: str,
    serve_batches: Make,
    clock: Any,
    task: Make,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("E2EP_API_KEY", CANARY)
    told = [
        Act({"error": {"message": CANARY, "code": CANARY, "status": CANARY}}, status)
        for status in (500, 401)
    ]
    server = serve_batches(
        echo(provider), Plan(left_out=1), Plan(refusal=told[0]), Plan(refusal=told[1])
    )
    with (
        caplog.at_level(logging.DEBUG),
        pytest.raises(E2epError, match="does not accept the key") as failure,
    ):
        asked(params(server, provider), clock, *tasks(task, 3))
    assert server.book.refused == 2
    assert CANARY not in "".join(traceback.format_exception(failure.value)) + caplog.text + "".join(
        capfd.readouterr()
    )
    files = [path for path in (tmp_path / "cache").iterdir() if path.is_file()]
    assert len(files) >= 3
    assert not [path for path in files if CANARY.encode() in path.read_bytes()]


@BOTH
def test_without_a_server_no_batch_is_waited_for(provider: str, clock: Any, task: Make) -> None:
    url = nowhere()
    setting = LlmParams(
        provider=provider,  # type: ignore[arg-type]
        base_url=url,
        model=MODELS[provider],
        mode="batch",
    )
    with pytest.raises(E2epError, match=f"no server at {url} .connection refused.; every answer"):
        asked(setting, clock, task())
    assert sum(clock.slept) <= 5


def test_a_batch_of_nothing_but_fallbacks_ends_the_run_with_every_reply_kept(
    serve_batches: Make, clock: Any, task: Make, tmp_path: Path
) -> None:
    server = serve_batches(lambda _: chat(GOOD[:9], end="length"))
    with pytest.raises(
        AnswerError,
        match=r"^answers: stopped .* none of the first 20 such questions .* \(20 truncated",
    ):
        asked(params(server, "openai"), clock, *tasks(task, 50))
    assert [len(job.requests) for job in server.book.jobs] == [50]
    assert rows(tmp_path, "replies", "SELECT count(*) FROM unanswered") == [(50,)]
    assert rows(tmp_path, "batches", "SELECT * FROM questions") == []


@BOTH
@pytest.mark.parametrize("end", ["completed", "failed"])
def test_no_terminal_obeys_the_name_of_a_batch(
    end: str,
    provider: str,
    serve_batches: Make,
    clock: Any,
    task: Make,
    capsys: pytest.CaptureFixture[str],
) -> None:
    tail = "\x1b]8;;http://evil\x1b\\\n" + "x" * 500
    server = serve_batches(echo(provider), Plan(end=end, tail=tail))
    is_over = (end, provider) == ("completed", "openai")  # no URL can have such a name
    refused = nullcontext() if is_over else pytest.raises(E2epError)
    with refused as raised:
        asked(params(server, provider), clock, task())
    said = capsys.readouterr().err + str(raised and raised.value)
    assert "\x1b" not in said
    assert "x" * 100 not in said


@BOTH
@pytest.mark.parametrize("said", [{"id": 5, "name": 5}, {"id": "", "name": ""}, {}, [], None])
def test_a_batch_without_a_name_is_a_failure(
    said: Any, provider: str, serve_batches: Make, clock: Any, task: Make
) -> None:
    server = serve_batches(echo(provider), Plan(refusal=Act(said)))
    with pytest.raises(E2epError, match="failed 8 times in a row"):
        asked(params(server, provider), clock, task())
