"""The official clients against a server that misbehaves: outcomes, attempts, nothing lost."""

import asyncio
import json
import socket
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from stages.core.errors import E2epError, InputError
from stages.llm.answers.structured import Answer, ask
from stages.llm.params import LlmParams
from stages.llm.providers import connected
from stages.llm.waiting.waits import Clockwork
from stages.llm.wrappers.budgeted import Budgets
from tests.llm.conftest import label_of
from tests.llm.server import Act, Server, chat, gemini, nowhere

Make = Callable[..., Any]
GOOD = '{"label": "a", "score": 1}'
ROWS = (
    "SELECT outcome, reason, input_tokens, cached_tokens, output_tokens FROM attempts ORDER BY id"
)
QUOTA = Act({"error": {"code": "insufficient_quota", "message": "key sk-canary"}}, 429)


def params(server: Server, provider: str = "openai", **more: Any) -> LlmParams:
    url = server.url + ("/v1" if provider == "openai" else "")
    model = "gpt-4o-mini" if provider == "openai" else "gemini-3.5-flash-lite"
    return LlmParams(
        **{"provider": provider, "base_url": url, "model": model, "timeout": 5.0} | more
    )


def asked(setting: LlmParams, clock: Any, *tasks: Any) -> list[Answer]:
    async def run() -> list[Answer]:
        async with connected(setting, clock) as model:
            return [await ask(model, task) for task in tasks]

    return asyncio.run(run())


def ledger(tmp_path: Path) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(tmp_path / "cache" / "ledger.sqlite")) as database:
        return database.execute(ROWS).fetchall()


BOTH = pytest.mark.parametrize(
    ("provider", "says"), [("openai", chat), ("gemini", gemini)], ids=["openai", "gemini"]
)


@BOTH
def test_an_answer_comes_with_its_tokens(
    provider: str, says: Make, serve: Make, clock: Any, task: Make, tmp_path: Path
) -> None:
    server = serve(says(GOOD))
    (answer,) = asked(params(server, provider), clock, task())
    assert (label_of(answer), answer.outcome, answer.reply.model) == ("a", "answered", "served-1")
    assert ledger(tmp_path) == [("answered", "", 100, 40, 10)]


@BOTH
@pytest.mark.parametrize(
    ("bad", "reason", "waited"),
    [
        (Act({"error": {}}, 429, {"retry-after": "7"}), "HTTP 429", [7.0, 0.5]),
        (Act({"error": {}}, 429), "HTTP 429", [0.5, 0.5]),
        (Act({"error": {}}, 429, {"retry-after": "soon"}), "HTTP 429", [0.5, 0.5]),
        (Act("<html>", 500), "HTTP 500", [0.5]),
        (Act("<html>Bad gateway</html>", 200), "no JSON in the answer", [0.5]),
        (Act("", 200), "no JSON in the answer", [0.5]),
        (Act([1], 200), "no JSON in the answer", [0.5]),
    ],
    ids=["429 with time", "429", "429 with nonsense", "500", "HTML", "empty", "a list"],
)
def test_a_passing_fault_is_tried_again_and_recorded(
    provider: str,
    says: Make,
    bad: Act,
    reason: str,
    waited: list[float],
    serve: Make,
    clock: Any,
    task: Make,
    tmp_path: Path,
) -> None:
    server = serve(bad, says(GOOD))
    (answer,) = asked(params(server, provider), clock, task())
    assert (answer.outcome, answer.repaired, len(server.asked)) == ("answered", False, 2)
    assert [row[:2] for row in ledger(tmp_path)] == [("failed", reason), ("answered", "")]
    assert clock.slept == waited


@BOTH
def test_a_connection_cut_in_mid_answer_is_tried_again(
    provider: str, says: Make, serve: Make, clock: Any, task: Make, tmp_path: Path
) -> None:
    server = serve(Act(says(GOOD).body, cut=True), says(GOOD))
    (answer,) = asked(params(server, provider), clock, task())
    assert (answer.outcome, len(server.asked)) == ("answered", 2)
    assert ledger(tmp_path)[0][1].startswith("the connection failed")


@BOTH
@pytest.mark.parametrize("slow", [{"delay": 1.0}, {"trickle": 0.02}], ids=["silent", "trickling"])
def test_a_reply_slower_than_the_deadline_is_given_up(
    provider: str,
    says: Make,
    slow: dict[str, Any],
    serve: Make,
    clock: Any,
    task: Make,
    tmp_path: Path,
) -> None:
    server = serve(Act(says(GOOD).body, **slow), says(GOOD))
    (answer,) = asked(params(server, provider, timeout=0.3), clock, task())
    assert (answer.outcome, len(server.asked)) == ("answered", 2)
    assert ledger(tmp_path)[0][:2] == ("failed", "no answer within 0.3 s")


def test_a_burst_of_500_is_outlived_and_a_longer_one_fails(
    serve: Make, clock: Any, task: Make
) -> None:
    server = serve(*[Act("", 500)] * 5, chat(GOOD), Act("", 500))
    first, second = asked(params(server, attempts=6), clock, task(), task(("c",)))
    assert (first.outcome, second.outcome, second.value, len(server.asked)) == (
        "answered",
        "failed",
        None,
        12,
    )
    assert clock.slept == [0.5, 1, 2, 4, 8] * 2


def test_question_after_question_that_fails_ends_the_run(
    serve: Make, clock: Any, task: Make
) -> None:
    server = serve(Act("", 500))
    with pytest.raises(
        E2epError,
        match=r"failed 2 questions in a row \(last: HTTP 500\); every answer so far is kept",
    ):
        asked(params(server, attempts=3, breaker=2), clock, *(task((str(n),)) for n in range(9)))
    assert len(server.asked) == 6


@pytest.mark.parametrize(
    "text", [f"```json\n{GOOD}\n```", f"<think>{{so}} {GOOD[:9]}</think>\n{GOOD}", f"Here: {GOOD}!"]
)
def test_fences_thoughts_and_prose_are_dropped(
    text: str, serve: Make, clock: Any, task: Make
) -> None:
    server = serve(chat(text))
    (answer,) = asked(params(server), clock, task())
    assert (label_of(answer), answer.repaired, len(server.asked)) == ("a", False, 1)


@BOTH
@pytest.mark.parametrize("text", ['{"label": ', '{"films": []}', "", "Gladly."])
def test_an_invalid_answer_is_repaired_once(
    provider: str, says: Make, text: str, serve: Make, clock: Any, task: Make, tmp_path: Path
) -> None:
    server = serve(says(text), says(GOOD), says(text))
    first, second = asked(params(server, provider), clock, task(), task(("c",)))
    assert (first.outcome, first.repaired) == ("answered", True)
    assert (second.outcome, second.value, len(server.asked)) == ("invalid", None, 4)
    assert [row[0] for row in ledger(tmp_path)] == ["invalid", "answered", "invalid", "invalid"]


@pytest.mark.parametrize(
    ("provider", "act", "outcome"),
    [
        ("openai", chat(None, refusal="I can't."), "refused"),
        ("openai", chat(GOOD[:9], end="length"), "truncated"),
        ("openai", chat("", end="content_filter"), "filtered"),
        ("openai", Act({"error": {"code": "content_filter", "message": "no"}}, 400), "filtered"),
        ("gemini", gemini(GOOD[:9], end="MAX_TOKENS"), "truncated"),
        ("gemini", gemini("", end="SAFETY"), "filtered"),
        ("gemini", Act({"error": {"code": "content_filter", "message": "no"}}, 400), "filtered"),
        ("gemini", gemini("", candidates=[], promptFeedback={"blockReason": "SAFETY"}), "filtered"),
    ],
)
def test_what_will_not_be_otherwise_is_not_asked_again(
    provider: str, act: Act, outcome: str, serve: Make, clock: Any, task: Make, tmp_path: Path
) -> None:
    server = serve(act)
    (answer,) = asked(params(server, provider), clock, task())
    assert (answer.outcome, answer.value, len(server.asked)) == (outcome, None, 1)
    assert [row[0] for row in ledger(tmp_path)] == [outcome]


@pytest.mark.parametrize(
    ("provider", "body"),
    [
        ("openai", {"choices": []}),
        ("openai", {"choices": None}),
        ("gemini", {"candidates": []}),
        ("gemini", {}),
    ],
)
def test_an_answer_without_a_choice_fails(
    provider: str, body: Any, serve: Make, clock: Any, task: Make
) -> None:
    server = serve(Act(body))
    (answer,) = asked(params(server, provider, attempts=2), clock, task())
    assert (answer.outcome, len(server.asked)) == ("failed", 2)


@pytest.mark.parametrize(
    "usage",
    [
        {"prompt_tokens": -5, "completion_tokens": 10**12},
        {"prompt_tokens": "many", "completion_tokens": None},
        {"prompt_tokens": 0, "completion_tokens": 0},
        [1],
        {"prompt_tokens": 1.5, "completion_tokens": True},
    ],
)
def test_wrong_usage_figures_are_replaced_by_an_estimate(
    usage: Any, serve: Make, clock: Any, task: Make, tmp_path: Path
) -> None:
    (answer,) = asked(params(serve(chat(GOOD, usage=usage))), clock, task())
    assert answer.outcome == "answered"
    (row,) = ledger(tmp_path)
    assert 200 < row[2] < 500
    assert 5 <= row[4] <= 12


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (
            Act({"error": {"message": "sk-canary is wrong"}}, 401),
            "asks for a key",
        ),
        (Act({"error": {}}, 403), "forbids the use of gpt-4o-mini"),
        (Act({"error": {}}, 404), "does not know the model gpt-4o-mini"),
        (QUOTA, "has no quota left"),
        (Act({"error": {}}, 429, {"retry-after": "7200"}), "asks to wait 7,200 s"),
    ],
)
def test_what_cannot_get_better_ends_the_run_in_one_sentence(
    act: Act, said: str, serve: Make, clock: Any, task: Make
) -> None:
    server = serve(act)
    with pytest.raises(E2epError, match=said) as failure:
        asked(params(server), clock, task())
    assert len(server.asked) == 1
    assert "canary" not in str(failure.value)


def test_tokens_written_to_the_provider_s_cache_are_paid_for(
    serve: Make, clock: Any, task: Make
) -> None:
    usage = {
        "prompt_tokens": 200,
        "completion_tokens": 10,
        "prompt_tokens_details": {"cached_tokens": 40, "cache_write_tokens": 100},
    }
    (answer,) = asked(params(serve(chat(GOOD, usage=usage)), model="gpt-6-luna"), clock, task())
    paid = (60 * 0.10 + 40 * 0.01 + 100 * 0.125 + 10 * 0.50) / 1e6
    assert answer.reply.dollars == pytest.approx(paid)


def test_gemini_gets_system_text_roles_and_schema(serve: Make, clock: Any, task: Make) -> None:
    server = serve(gemini("no"), gemini(GOOD))
    asked(params(server, "gemini"), clock, task())
    body = server.asked[1].body
    assert body["systemInstruction"]["parts"][0]["text"] == "Pick one."
    assert [content["role"] for content in body["contents"]] == ["user", "model", "user"]
    assert body["generationConfig"]["responseJsonSchema"]["required"] == ["label", "score"]


def test_a_missing_key_names_its_variable_and_the_keyless_way() -> None:
    for provider, model, name in (
        ("openai", "gpt-4o-mini", "OPENAI_API_KEY"),
        ("gemini", "gemini-3.5-flash-lite", "GEMINI_API_KEY"),
    ):
        sentence = rf"^{name}.* is not set; .*llm\.provider to offline and llm\.model to null"
        with pytest.raises(InputError, match=sentence):
            asked(LlmParams(provider=provider, model=model), None)


@BOTH
def test_a_budget_of_calls_counts_retries_and_repairs_and_earlier_runs(
    provider: str, says: Make, serve: Make, clock: Any, task: Make
) -> None:
    server = serve(Act("", 500), says("no"), says(GOOD))
    setting = params(server, provider, budgets=Budgets(calls=4))
    asked(setting, clock, task())
    with pytest.raises(
        E2epError,
        match=r"llm\.budgets\.calls is 4: 4 calls are spent .* "
        r"go on with llm\.budgets\.calls: 10 in params",
    ):
        asked(setting, clock, task(), task(("c",)), task(("d",)))
    assert len(server.asked) == 4


@contextmanager
def black_hole() -> Iterator[str]:
    """An address that takes no connection and refuses none, as its queue is full."""
    with ExitStack() as open_sockets:
        listening = open_sockets.enter_context(socket.socket())
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        for _ in range(4):
            caller = open_sockets.enter_context(socket.socket())
            caller.setblocking(False)
            caller.connect_ex(listening.getsockname())
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/v1"


@pytest.mark.parametrize("provider", ["openai", "gemini"])
def test_a_server_that_is_gone_ends_the_run_within_seconds_by_its_address(
    provider: str, clock: Any, task: Make, tmp_path: Path
) -> None:
    url = nowhere()
    model = "gpt-4o-mini" if provider == "openai" else "gemini-3.5-flash-lite"
    setting = LlmParams(provider=provider, model=model, base_url=url)  # type: ignore[arg-type]
    with pytest.raises(E2epError) as raised:
        asked(setting, clock, task())
    assert str(raised.value).startswith(f"no server at {url} (connection refused); every answer")
    assert sum(clock.slept) <= 5
    rows = ledger(tmp_path)
    assert len(rows) > 2
    assert set(rows) == {("failed", f"no server at {url} (connection refused)", 0, 0, 0)}


@pytest.mark.parametrize("mode", ["online", "batch"])
@pytest.mark.parametrize("provider", ["openai", "gemini"])
def test_nobody_is_told_to_start_the_server_of_a_provider_in_mid_run(
    provider: str, mode: str, clock: Any, task: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OPENAI_API_KEY", "GEMINI_API_KEY"):
        monkeypatch.setenv(name, "sk-of-a-provider")
    monkeypatch.setenv("HTTPS_PROXY", nowhere())
    with pytest.raises(E2epError, match="is kept, so check the network and the proxy, then run"):
        asked(LlmParams(provider=provider, mode=mode), clock, task())  # type: ignore[arg-type]


ABOUT_USERS = {
    "not there": (None, {}, "so start that server or check llm.users.base_url and the network,"),
    "404": (404, {}, "; check llm.users.model and llm.users.base_url"),
    "500 and 500": (500, {"breaker": 1}, "or set llm.users to offline"),
    "400 and 400": (
        400,
        {"breaker": 1},
        "so check llm.users.model, llm.users.base_url and llm.max",
    ),
    "failed": (400, {"fallbacks": 1}, "; check llm.users.model, llm.users.base_url and llm.max_t"),
}


@pytest.mark.parametrize(("status", "more", "said"), ABOUT_USERS.values(), ids=ABOUT_USERS)
def test_what_ends_the_questions_about_users_is_said_of_their_section(
    status: int | None, more: dict[str, int], said: str, serve: Make, clock: Any, task: Make
) -> None:
    url = serve(Act({"error": {}}, status)).url if status else nowhere()
    users = {"provider": "openai", "model": "mine", "base_url": url}
    setting = LlmParams(provider="openai", users=users, **more).about_users  # type: ignore[arg-type]
    with pytest.raises(E2epError) as raised:
        asked(setting, clock, task())
    assert said in str(raised.value)
    for name in ("llm.model", "llm.base_url", "llm.provider"):
        assert name not in str(raised.value)


@pytest.mark.parametrize("provider", ["openai", "gemini"])
def test_a_connection_that_does_not_come_about_is_given_up_long_before_the_timeout(
    provider: str, clock: Any, task: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stages.llm.servers.client.CONNECT_SECONDS", 0.2)
    model = "gpt-4o-mini" if provider == "openai" else "gemini-3.5-flash-lite"
    with black_hole() as url:
        setting = LlmParams(provider=provider, model=model, base_url=url)  # type: ignore[arg-type]
        with pytest.raises(E2epError, match=f"no server at {url} .no connection within"):
            asked(setting, clock, task())
    assert {row[2:] for row in ledger(tmp_path)} == {(0, 0, 0)}


def test_a_server_that_goes_down_in_the_middle_is_named_and_answers_are_kept(
    serve: Make, clock: Any, task: Make, tmp_path: Path
) -> None:
    server = serve(Act(chat(GOOD).body, headers={"connection": "close"}))

    async def run() -> Answer:
        async with connected(params(server), clock) as model:
            answer = await ask(model, task())
            server.shutdown()
            server.server_close()
            with pytest.raises(E2epError, match=f"^no server at {server.url}/v1"):
                await ask(model, task(("c",)))
            return answer

    assert asyncio.run(run()).outcome == "answered"
    assert ledger(tmp_path)[0][0] == "answered"
    assert sum(clock.slept) <= 5


def test_a_server_that_comes_back_within_seconds_is_waited_for(clock: Any, task: Make) -> None:
    """Another server takes the address while the question pauses."""
    url = nowhere()

    async def start_during_sleep(seconds: float) -> None:
        await clock.pass_time(seconds)
        if len(clock.slept) == 2:
            started.append(Server([chat(GOOD)], int(url.rpartition(":")[2].partition("/")[0])))

    started: list[Server] = []
    slow = Clockwork(clock.now, start_during_sleep, clock.draw)
    (answer,) = asked(LlmParams(provider="openai", model="m", base_url=url), slow, task())
    assert (answer.outcome, len(started)) == ("answered", 1)
    started[0].shutdown()
    started[0].server_close()


@BOTH
def test_headers_of_an_answer_may_be_anything(
    provider: str, says: Make, serve: Make, clock: Any, task: Make
) -> None:
    headers = {"x-who": "caf\u00e9", "content-type": "application/json; title=\u00e9"}
    good = says(GOOD)
    server = serve(Act({}, 429, {"retry-after": "\u00b2"}), Act(good.body, headers=headers))
    (answer,) = asked(params(server, provider), clock, task())
    assert (answer.outcome, len(server.asked)) == ("answered", 2)


@BOTH
def test_a_mark_of_byte_order_is_read_over(
    provider: str, says: Make, serve: Make, clock: Any, task: Make
) -> None:
    server = serve(Act("\ufeff" + json.dumps(says(GOOD).body)))
    (answer,) = asked(params(server, provider), clock, task())
    assert label_of(answer) == "a"


@BOTH
@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("/home/alice/models/chat.gguf", "chat.gguf"),
        ("models/chat.GGUF", "chat.GGUF"),
        ("~/models/chat/", "chat"),
        ("../alice/chat", "chat"),
        ("C:\\Users\\alice\\chat.bin", "chat.bin"),
        ("file:///home/alice/chat", "chat"),
        ("\u200b /home/alice/chat", "chat"),
        ("/home/" + "a" * 200 + "/chat", "chat"),
        ("Qwen/Qwen3-8B", "Qwen/Qwen3-8B"),
        ("accounts/fireworks/models/kimi-k2", "accounts/fireworks/models/kimi-k2"),
        ("gemma4:e4b", "gemma4:e4b"),
    ],
)
def test_of_a_path_on_somebodys_disk_the_name_of_the_file_is_kept(
    name: str,
    shown: str,
    provider: str,
    says: Make,
    serve: Make,
    clock: Any,
    task: Make,
    tmp_path: Path,
) -> None:
    server = serve(Act(says(GOOD).body | {"model": name, "modelVersion": name}))
    (answer,) = asked(params(server, provider), clock, task())
    assert answer.reply.model == shown
    kept = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert b"alice" not in kept


def test_the_path_that_is_asked_for_is_sent_as_it_is_and_kept_as_a_name(
    serve: Make, clock: Any, task: Make, tmp_path: Path
) -> None:
    server = serve(Act({}, 400), Act(chat(GOOD).body | {"model": None}))
    setting = params(server, model="/home/alice/chat.gguf", breaker=9)
    answers = asked(setting, clock, task(), task(("c",)))
    assert [answer.reply.model for answer in answers] == ["chat.gguf"] * 2
    assert {one.body["model"] for one in server.asked} == {"/home/alice/chat.gguf"}
    kept = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert b"alice" not in kept


def test_googles_words_for_a_wait_are_a_number(serve: Make, clock: Any, task: Make) -> None:
    endless = {"error": {"details": [{"retryDelay": "9" * 400 + "s"}]}}
    server = serve(Act(endless, 429), gemini(GOOD))
    (answer,) = asked(params(server, "gemini"), clock, task())
    assert (answer.outcome, len(server.asked)) == ("answered", 2)
