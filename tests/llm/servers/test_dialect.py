"""Servers that refuse parts of a request, in their own words, and what else they answer.

The words are from the issues that are named beside them.
"""

import asyncio
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field

from stages.core.errors import E2epError
from stages.llm.answers.structured import Answer, ask
from stages.llm.concurrently import in_order
from stages.llm.params import LlmParams
from stages.llm.providers import connect, connected
from stages.llm.servers.refusals import Refusal, failure_from
from tests.llm.batch_server import BatchServer, echo
from tests.llm.conftest import label_of
from tests.llm.server import Act, Asked, Server, chat, gemini

Make = Callable[..., Any]
GOOD = '{"label": "a", "score": 1}'


class Choice(BaseModel):
    """One of two labels."""

    model_config = ConfigDict(extra="forbid")

    label: Literal["a", "b"]
    score: int = Field(ge=0, le=100)


def params(server: Server | BatchServer, provider: str = "openai", **more: Any) -> LlmParams:
    url = server.url + ("/v1" if provider == "openai" else "")
    model = "served-here" if provider == "openai" else "gemini-of-ours"
    return LlmParams(
        **{"provider": provider, "base_url": url, "model": model, "timeout": 5.0} | more
    )


def all_asked(setting: LlmParams, tasks: list[Any], clock: Any = None) -> list[Any]:
    """Ask everything together; an answer or an error each."""

    async def run() -> list[Any]:
        async with connected(setting, clock) as model:
            return await asyncio.gather(
                *(ask(model, task) for task in tasks), return_exceptions=True
            )

    return asyncio.run(run())


def asked_with(setting: LlmParams, settings: dict[str, Any], *tasks: Any) -> list[Answer[Any]]:
    """Ask one after another a bare provider with these settings."""

    async def run() -> list[Answer[Any]]:
        model: Any = connect(setting)
        model.settings.clear()
        model.settings.update(settings)
        try:
            return [await ask(model, task) for task in tasks]
        finally:
            await model.close()

    return asyncio.run(run())


def asides(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What a person is told; Python may add warnings of its own."""
    lines = capsys.readouterr().err.splitlines()
    return [line for line in lines if line.startswith(("openai: ", "gemini: "))]


def has(body: dict[str, Any], part: str) -> bool:
    """Whether a request of Chat Completions has a part."""
    form = body.get("response_format", {}).get("type")
    return {
        "system": body["messages"][0]["role"] == "system",
        "schema": form == "json_schema",
        "object": form == "json_object",
        "form": form is not None,
        "sizes": '"enum"' in json.dumps(body.get("response_format", {})),
    }.get(part, part in body)


def refusing(part: str, refusal: Act, good: Act | None = None) -> Callable[[Asked], Act]:
    """A server that refuses requests with this part."""
    answer = good or chat(GOOD)
    return lambda asked: refusal if has(asked.body, part) else answer


def error(message: str, **more: Any) -> dict[str, Any]:
    """An error of OpenAI's form."""
    known = {"message": message, "type": "invalid_request_error", "param": None, "code": None}
    return {"error": known | more}


def forbidden(name: str) -> dict[str, Any]:
    """FastAPI's and pydantic's way to refuse a field."""
    words = "Extra inputs are not permitted"
    return {"type": "extra_forbidden", "loc": ["body", name], "msg": words, "input": 7}


REFUSED = {
    # SillyTavern-WorldInfo-Recommender #16, fish2018/YPrompt #26; case 21.
    "OpenAI max_tokens": (
        "max_tokens",
        400,
        error(
            "Unsupported parameter: 'max_tokens' is not supported with this model. Use "
            "'max_completion_tokens' instead.",
            param="max_tokens",
            code="unsupported_parameter",
        ),
        "max_completion_tokens takes its place",
    ),
    # caozhiyuan/copilot-api #164
    "Copilot max_tokens": (
        "max_tokens",
        400,
        {
            "error": {
                "message": "Unsupported parameter: 'max_tokens' is not supported with this model. "
                "Use 'max_completion_tokens' instead.",
                "code": "invalid_request_body",
            }
        },
        "max_completion_tokens takes its place",
    ),
    # BerriAI/litellm #8199
    "LiteLLM max_tokens": (
        "max_tokens",
        400,
        error(
            "litellm.BadRequestError: GithubException - Error code: 400 - {'error': {'message': "
            "\"Unsupported parameter: 'max_tokens' is not supported with this model. Use "
            "'max_completion_tokens' instead.\", 'type': 'invalid_request_error'}}",
            code="400",
        ),
        "max_completion_tokens takes its place",
    ),
    # OpenRouter wraps the words of the provider behind it.
    "OpenRouter max_tokens": (
        "max_tokens",
        400,
        {
            "error": {
                "message": "Provider returned error",
                "code": 400,
                "metadata": {
                    "raw": json.dumps(error("Unsupported parameter: 'max_tokens'")),
                    "provider_name": "OpenAI",
                },
            }
        },
        "max_completion_tokens takes its place",
    ),
    # editor-code-assistant/eca #231
    "Mistral max_completion_tokens": (
        "max_completion_tokens",
        422,
        {
            "object": "error",
            "message": {"detail": [forbidden("max_completion_tokens")]},
            "type": "invalid_request_error",
            "param": None,
            "code": None,
        },
        "max_tokens takes its place",
    ),
    # 1Panel-dev/MaxKB #2912
    "vLLM max_completion_tokens": (
        "max_completion_tokens",
        400,
        {
            "object": "error",
            "message": "[{'type': 'extra_forbidden', 'loc': ('body', 'max_completion_tokens'), "
            "'msg': 'Extra inputs are not permitted', 'input': 800}]",
            "type": "BadRequestError",
            "param": None,
            "code": 400,
        },
        "max_tokens takes its place",
    ),
    # mcdonc/klangk #2067
    "LiteLLM max_completion_tokens": (
        "max_completion_tokens",
        400,
        error(
            "litellm.UnsupportedParamsError: zai does not support parameters: "
            "['max_completion_tokens'], for model=glm-5.2.",
            code="400",
        ),
        "max_tokens takes its place",
    ),
    # OpenHands #4131; case 21.
    "OpenAI temperature": (
        "temperature",
        400,
        error(
            "Unsupported value: 'temperature' does not support 0.0 with this model. Only the "
            "default (1) value is supported.",
            param="temperature",
            code="unsupported_value",
        ),
        "temperature; it is left out",
    ),
    # BerriAI/litellm #33738: reasoning_effort is named too, but later.
    "LiteLLM temperature": (
        "temperature",
        400,
        error(
            "litellm.UnsupportedParamsError: gpt-5-nano doesn't support temperature=0.1 while "
            "reasoning is active. Only temperature=1 is supported unless reasoning_effort "
            "resolves to 'none'.",
            code="400",
        ),
        "temperature; it is left out",
    ),
    # FastAPI servers with closed types, such as lmdeploy and TGI.
    "FastAPI temperature": (
        "temperature",
        422,
        {"detail": [forbidden("temperature")]},
        "temperature; it is left out",
    ),
    # Gitlawb/openclaude #1371
    "Ollama effort": (
        "reasoning_effort",
        400,
        error('"llama3.1:8b" does not support thinking'),
        "reasoning_effort; it is left out",
    ),
    # ollama/ollama #12561
    "Ollama effort value": (
        "reasoning_effort",
        400,
        error('think value "low" is not supported for this model', type="api_error"),
        "reasoning_effort; it is left out",
    ),
    # Alishahryar1/free-claude-code #1348
    "Groq effort": (
        "reasoning_effort",
        400,
        {"error": {"message": "`reasoning_effort` must be one of `none` or `default`"}},
        "reasoning_effort; it is left out",
    ),
    # NousResearch/hermes-agent #23088, BerriAI/litellm #14056
    "xAI effort": (
        "reasoning_effort",
        400,
        {
            "code": "Client specified an invalid argument",
            "error": "Argument not supported on this model: reasoningEffort",
        },
        "reasoning_effort; it is left out",
    ),
    # llm-exe #662, inspect_ai #4916
    "DeepSeek schema": (
        "schema",
        400,
        error("This response_format type is unavailable now", code="invalid_request_error"),
        "JSON schema; it is put in words",
    ),
    # BerriAI/litellm #7580: 422 and no JSON
    "DeepSeek schema in words": (
        "schema",
        422,
        "Failed to deserialize the JSON body into the target type: response_format: "
        "response_format.type `json_schema` is unavailable now at line 1 column 1193",
        "JSON schema; it is put in words",
    ),
    # ggml-org/llama.cpp #23990
    "llama.cpp schema": (
        "schema",
        400,
        {
            "error": {
                "code": 400,
                "message": "Failed to initialize samplers: failed to parse grammar",
                "type": "invalid_request_error",
            }
        },
        "JSON schema; it is put in words",
    ),
    "501 schema": (
        "schema",
        501,
        error("response_format of type json_schema is not implemented"),
        "JSON schema; it is put in words",
    ),
    # llama-cpp-python wraps what its grammar raises.
    "llama-cpp-python schema": (
        "schema",
        500,
        error("Failed to convert json_schema to grammar", type="internal_server_error"),
        "JSON schema; it is put in words",
    ),
    # UCLA-AGI Gemma 2 in OoriData/Toolio #1; sgl-project/sglang #892
    "Gemma's template": (
        "system",
        500,
        error("System role not supported", type="internal_server_error"),
        "system message; instructions go in front",
    ),
    # ggml-org/llama.cpp: templates that count turns
    "Mistral's template": (
        "system",
        400,
        error("Jinja Exception: Conversation roles must alternate user/assistant/user/..."),
        "system message; instructions go in front",
    ),
    # OpenAI's o1-mini
    "OpenAI system": (
        "system",
        400,
        error(
            "Unsupported value: 'messages[0].role' does not support 'system' with this model.",
            param="messages[0].role",
            code="unsupported_value",
        ),
        "system message; instructions go in front",
    ),
}


@pytest.mark.parametrize(("part", "status", "body", "said"), REFUSED.values(), ids=REFUSED)
def test_a_part_that_is_refused_by_name_is_refused_once_said_once_and_not_sent_again(
    part: str,
    status: int,
    body: Any,
    said: str,
    serve: Make,
    task: Make,
    capsys: pytest.CaptureFixture[str],
) -> None:
    server = serve(refusing(part, Act(body, status)))
    limit = part if part == "max_completion_tokens" else "max_tokens"
    settings = {limit: 4096, "temperature": 0.0, "reasoning_effort": "low"}
    answers = asked_with(params(server), settings, task(), task(("c",)))
    assert [answer.outcome for answer in answers] == ["answered"] * 2
    first, second, third = (one.body for one in server.asked)
    assert [has(one, part) for one in (first, second, third)] == [True, False, False]
    assert second.keys() >= first.keys() - {part}
    (line,) = asides(capsys)
    assert line.startswith(f"openai: the server at {server.url}/v1 takes no ")
    assert said in line


def test_many_under_way_learn_the_same_and_it_is_said_once(
    serve: Make, task: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    refusal = Act(error("Unsupported value: 'temperature'", param="temperature"), 400)
    server = serve(refusing("temperature", refusal))
    server.crowd = 8
    answers = all_asked(params(server), [task((str(n),)) for n in range(20)])
    assert {answer.outcome for answer in answers} == {"answered"}
    assert sum("temperature" in one.body for one in server.asked) == 8
    assert len(asides(capsys)) == 1


def test_a_refused_part_is_no_attempt_of_its_own_no_pause_and_no_cost(
    serve: Make, task: Make, clock: Any, tmp_path: Path
) -> None:
    refusal = Act(error("Unsupported value: 'temperature'", param="temperature"), 400)
    [answer] = all_asked(params(serve(refusing("temperature", refusal))), [task()], clock)
    assert (answer.outcome, clock.slept) == ("answered", [])
    with closing(sqlite3.connect(tmp_path / "cache" / "ledger.sqlite")) as database:
        rows = database.execute("SELECT outcome, input_tokens FROM attempts").fetchall()
    assert rows == [("answered", 100)]


def test_an_answer_belongs_to_the_settings_as_they_were_set(serve: Make, task: Make) -> None:
    refusal = Act(error("Unsupported value: 'temperature'", param="temperature"), 400)
    server = serve(refusing("temperature", refusal))
    all_asked(params(server), [task()])
    all_asked(params(server), [task()])
    assert len(server.asked) == 2


def test_a_schema_goes_into_words_step_by_step(
    serve: Make, task: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    """The words are Groq's (beeai-framework #1215), DeepSeek's and LM Studio's (DeepTutor #345)."""
    words = {
        "sizes": "invalid schema for response format: response_format/json_schema/label: enum is "
        "not supported",
        "schema": "This response_format type is unavailable now",
        "object": "'response_format.type' must be 'json_schema' or 'text'",
    }

    def script(asked: Asked) -> Act:
        refused = next((part for part in words if has(asked.body, part)), None)
        return Act({"error": words[refused]}, 400) if refused else chat(GOOD)

    server = serve(script)
    (answer,) = asked_with(params(server), {"max_tokens": 99}, task(answer=Choice))
    assert answer.outcome == "answered"
    sent = [one.body for one in server.asked]
    assert [next((part for part in words if has(body, part)), "words") for body in sent] == [
        "sizes",
        "schema",
        "object",
        "words",
    ]
    assert [('"score"' in body["messages"][-1]["content"]) for body in sent] == [
        False,
        False,
        True,
        True,
    ]
    assert all("JSON" in body["messages"][-1]["content"] for body in sent[2:])
    assert len(asides(capsys)) == 3


def test_without_a_system_message_instructions_go_first_and_roles_alternate(
    serve: Make, task: Make
) -> None:
    refusal = Act(error("System role not supported"), 500)
    server = serve(refusing("system", refusal, chat("no")))
    asked_with(params(server), {"max_tokens": 99}, task())
    repair = server.asked[-1].body["messages"]
    assert [message["role"] for message in repair] == ["user", "assistant", "user"]
    assert repair[0]["content"].startswith("Pick one.\n\n{")


TOO_LONG = {
    # Case 21
    "OpenAI": (
        400,
        error(
            "This model's maximum context length is 2048 tokens, but 6000 were asked for.",
            code="context_length_exceeded",
        ),
        "HTTP 400, context_length_exceeded: the question and its answer exceed the context of "
        "2,048 tokens",
    ),
    # abetlen/llama-cpp-python, llama_cpp/server/errors.py
    "llama-cpp-python": (
        400,
        error(
            "This model's maximum context length is 512 tokens. However, you requested 4496 "
            "tokens (400 in the messages, 4096 in the completion). Please reduce the length of "
            "the messages or completion.",
            param="messages",
            code="context_length_exceeded",
        ),
        "HTTP 400, context_length_exceeded: messages: the question and its answer exceed the "
        "context of 512 tokens",
    ),
    # ggml-org/llama.cpp #15780, #19774
    "llama.cpp": (
        400,
        {
            "error": {
                "code": 400,
                "message": "request (4390 tokens) exceeds the available context size (4096 "
                "tokens), try increasing it",
                "type": "exceed_context_size_error",
                "n_prompt_tokens": 4390,
                "n_ctx": 4096,
            }
        },
        "HTTP 400, exceed_context_size_error: the question and its answer exceed the context of "
        "4,096 tokens",
    ),
    "llama.cpp 500": (
        500,
        {
            "error": {
                "code": 500,
                "message": "Context size has been exceeded.",
                "type": "server_error",
            }
        },
        "HTTP 500: the question and its answer exceed the context",
    ),
    # vllm-project/vllm #33418; opsconductor-ng, TOKEN_LIMIT_FIX.md
    "vLLM": (
        400,
        error(
            "'max_tokens' or 'max_completion_tokens' is too large: 8000. This model's maximum "
            "context length is 4096 tokens and your request has 2778 input tokens (8000 > 4096 - "
            "2778). None",
            type="BadRequestError",
            code=400,
        ),
        "HTTP 400: the question and its answer exceed the context of 4,096 tokens",
    ),
    # vllm-project/vllm #4667
    "vLLM, nothing left": (
        400,
        {
            "object": "error",
            "message": "max_tokens must be at least 1, got -186.",
            "type": "BadRequestError",
            "param": None,
            "code": 400,
        },
        "HTTP 400: the question and its answer exceed the context",
    ),
}


@pytest.mark.parametrize(("status", "body", "reason"), TOO_LONG.values(), ids=TOO_LONG)
def test_a_question_longer_than_the_context_is_said_with_what_to_set(
    status: int, body: Any, reason: str, serve: Make, task: Make, clock: Any
) -> None:
    server = serve(Act(body, status))
    [*_, failure] = all_asked(params(server, breaker=3, concurrency=1), [task()] * 3, clock)
    assert isinstance(failure, E2epError) or failure.outcome == "failed"
    [*_, failure] = all_asked(
        params(server, breaker=3, concurrency=1), [task((str(n),)) for n in range(3)], clock
    )
    assert str(failure) == (
        f"openai failed 3 questions in a row (last: {reason}); every answer so far is kept, so "
        "lower llm.max_tokens (4,096), profile.liked or the strategy's pool, or give the server a "
        "longer context, then run the same command again, or set llm.provider to offline and "
        "llm.model to null"
    )
    assert clock.slept == []


def test_one_question_that_is_too_long_does_not_end_the_run_and_is_explained_once(
    serve: Make, task: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    status, body, _ = TOO_LONG["llama.cpp"]
    long = "long" * 99
    server = serve(
        lambda asked: Act(body, status) if long in json.dumps(asked.body) else chat(GOOD)
    )
    answers = all_asked(params(server), [task((long, str(n))) for n in range(3)] + [task()])
    assert [answer.outcome for answer in answers] == ["failed"] * 3 + ["answered"]
    (line,) = asides(capsys)
    assert "context of 4,096 tokens; to have this answered, lower llm.max_tokens (4,096)" in line


@pytest.mark.parametrize(
    "message",
    [
        "max_tokens is too large: 4096. This model supports at most 1024 completion tokens",
        "`max_tokens` must be less than or equal to `1024`",  # Groq
    ],
)
def test_a_limit_that_is_too_high_is_no_unknown_parameter(
    message: str, serve: Make, task: Make, clock: Any
) -> None:
    server = serve(Act(error(message, param="max_tokens", code="invalid_value"), 400))
    [failure] = all_asked(params(server, breaker=1), [task()], clock)
    assert "(last: HTTP 400, invalid_value: max_tokens); " in str(failure)
    assert "so lower llm.max_tokens (4,096), then run" in str(failure)
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "body",
    [
        error("No."),
        error("max_tokens temperature response_format system role reasoning_effort"),
        "<html>Bad request</html>",
        [forbidden(name) for name in ("max_tokens", "temperature", "response_format")],
    ],
    ids=["says nothing", "names all", "HTML", "a list"],
)
def test_a_server_that_refuses_everything_ends_the_run_within_few_requests(
    body: Any, serve: Make, task: Make, clock: Any
) -> None:
    server = serve(Act(body, 400))
    tasks = [task((str(n),)) for n in range(50)]

    async def run() -> None:
        async with connected(params(server), clock) as model:
            await in_order(lambda one: ask(model, one), tasks, 8, "answers")

    with pytest.raises(E2epError, match=r"openai failed \d+ questions in a row \(last: HTTP 400"):
        asyncio.run(run())
    width, parts = 8, 5
    assert len(server.asked) <= width * (parts + 2)
    assert clock.slept == []


@pytest.mark.parametrize(
    "code", ["sk-canary-4f1d", "my_secret_key", "x" * 99, "Only you know", 7, None, ["a"]]
)
def test_only_known_codes_and_parameters_are_shown(code: Any) -> None:
    refusal = Refusal(400, error(f"key {code}", code=code, param=code, type=code))
    assert failure_from(refusal, 9).reason == "HTTP 400"


def test_a_huge_and_deep_error_is_read_as_far_as_it_may_say_something() -> None:
    deep: Any = "temperature"
    for _ in range(5000):
        deep = [deep]
    refusal = Refusal(400, {"error": {"message": ["temperature" * 10**6, deep]}})
    assert len(refusal.words) == 1000
    assert Refusal(400, deep).words == ""


@pytest.mark.parametrize(
    ("act", "said"),
    [
        # litellm #564, danferno/open-assistant: OpenRouter's 402, as status and within HTTP 200
        (
            Act({"error": {"message": "Insufficient credits", "code": 402}}, 402),
            "has no credit for this question (HTTP 402); top it up or lower llm.max_tokens",
        ),
        (
            Act({"error": {"message": "Insufficient credits", "code": 402}}),
            "has no credit for this question (HTTP 402); top it up or lower llm.max_tokens",
        ),
        (
            Act(error("You exceeded your current quota", type="insufficient_quota"), 429),
            "has no quota left (HTTP 429)",
        ),
        # abetlen/llama-cpp-python, llama_cpp/server/errors.py
        (
            Act(error("The model `x` does not exist", code="model_not_found"), 400),
            "does not know the model served-here",
        ),
        (Act({"error": {"message": "no auth", "code": 401}}), "asks for a key"),
    ],
)
def test_what_no_attempt_can_change_ends_the_run_at_once(
    act: Act, said: str, serve: Make, task: Make, clock: Any
) -> None:
    server = serve(act)
    [failure] = all_asked(params(server), [task()], clock)
    assert isinstance(failure, E2epError)
    assert said in str(failure)
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"error": {"message": "busy", "code": 429}}, "error 429 in an answer"),
        ({"error": {"message": "Internal error", "code": "503"}}, "error 503 in an answer"),
        ({"error": "something"}, "error 500 in an answer"),
        # OpenRouter: a choice that broke off
        (
            {"choices": [{"error": {"code": 502, "message": "sk-canary"}, "message": {}}]},
            "error 502 in an answer",
        ),
    ],
)
def test_an_error_within_a_full_answer_is_tried_again_and_costs_nothing(
    body: Any, reason: str, serve: Make, task: Make, clock: Any, tmp_path: Path
) -> None:
    server = serve(Act(body), chat(GOOD))
    [answer] = all_asked(params(server), [task()], clock)
    assert (answer.outcome, len(server.asked)) == ("answered", 2)
    with closing(sqlite3.connect(tmp_path / "cache" / "ledger.sqlite")) as database:
        rows = database.execute("SELECT reason, input_tokens FROM attempts").fetchall()
    assert rows == [(reason, 0), ("", 100)]


def test_a_question_that_openrouter_flags_is_filtered(serve: Make, task: Make) -> None:
    flagged = {"code": 403, "message": "flagged", "metadata": {"flagged_input": "film"}}
    server = serve(Act({"error": flagged}, 403))
    [answer] = all_asked(params(server), [task()])
    assert answer.outcome == "filtered"


PARTS = {
    # Case 18: Mistral's Magistral, spring-projects/spring-ai #5019
    "a thought, then text": (
        [
            {"type": "thinking", "thinking": [{"type": "text", "text": '{"label": "b"}'}]},
            {"type": "text", "text": GOOD},
        ],
        "a",
    ),
    "texts": ([{"type": "text", "text": GOOD[:5]}, {"type": "text", "text": GOOD[5:]}], "a"),
    "strings": ([GOOD[:5], GOOD[5:]], "a"),
    "one part": ({"type": "text", "text": GOOD}, "a"),
    "output_text": ([{"type": "output_text", "text": GOOD}], "a"),
    "others": ([{"type": "reference", "text": "x"}, 7, None, {"text": GOOD}], "a"),
}


@pytest.mark.parametrize(("content", "label"), PARTS.values(), ids=PARTS)
def test_a_content_in_parts_is_their_text_without_thoughts(
    content: Any, label: str, serve: Make, task: Make
) -> None:
    server = serve(chat(content))
    [answer] = all_asked(params(server), [task()])
    assert (label_of(answer), len(server.asked)) == (label, 1)


@pytest.mark.parametrize(
    ("act", "outcome", "reason"),
    [
        # vllm-project/vllm #17357, #52640; Ollama's name for it is reasoning
        (chat(None, reasoning_content=GOOD), "invalid", "a thought without an answer"),
        (chat("", reasoning=GOOD), "invalid", "a thought without an answer"),
        (chat(None, end="length", reasoning_content=GOOD), "truncated", ""),
        (chat([{"type": "thinking", "thinking": GOOD}]), "invalid", "a thought without an answer"),
        (
            chat(None, end="tool_calls", tool_calls=[{"function": {"arguments": GOOD}}]),
            "invalid",
            "a tool call instead of an answer",
        ),
        (
            Act({"type": "message", "content": [{"type": "text", "text": GOOD}]}),
            "invalid",
            "an answer of another protocol than Chat Completions",
        ),
        (
            Act({"message": {"role": "assistant", "content": GOOD}, "done": True}),
            "invalid",
            "an answer of another protocol than Chat Completions",
        ),
        # Groq, of what its model wrote
        (
            Act(error("Failed to generate JSON", code="json_validate_failed"), 400),
            "invalid",
            "no JSON of the right form",
        ),
    ],
)
def test_what_is_no_answer_is_invalid_and_neither_repaired_nor_kept_as_one(
    act: Act, outcome: str, reason: str, serve: Make, task: Make
) -> None:
    server = serve(act)
    [answer] = all_asked(params(server), [task()])
    failure = answer.reply.failure
    assert (answer.outcome, failure.reason if failure else "") == (outcome, reason)
    assert len(server.asked) == 1
    all_asked(params(server), [task()])
    assert len(server.asked) == 2


@pytest.mark.parametrize("usage", [None, {}, {"prompt_tokens": None}, 0, "none"])
def test_usage_that_is_missing_is_estimated(usage: Any, serve: Make, task: Make) -> None:
    body = chat(GOOD).body | {"usage": usage}
    [answer] = all_asked(params(serve(Act(body))), [task()])
    assert answer.reply.usage.input_tokens > 100
    assert answer.reply.usage.output_tokens > 4


def test_a_step_of_the_same_run_knows_what_an_earlier_one_learned(
    serve: Make, task: Make, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    refusal = Act(error("Unsupported value: 'temperature'", param="temperature"), 400)
    server = serve(refusing("temperature", refusal))
    for run, item in (("1", "a"), ("1", "b"), ("2", "c"), ("", "d"), ("", "e")):
        monkeypatch.setenv("E2EP_RUN", run)
        all_asked(params(server), [task((item,))])
    sent = ["temperature" in one.body for one in server.asked]
    assert sent == [True, False, False, True, False, True, False, True, False]
    assert len(asides(capsys)) == 4


GOOGLES = {
    # RooCodeInc/Roo-Code #10700, aduermael/herm #23
    "thinking": (
        "Thinking budget is not supported for this model.",
        lambda body: "thinkingConfig" in body.get("generationConfig", {}),
        "thinking_budget; it is left out",
    ),
    "temperature": (
        "Temperature is not supported for this model.",
        lambda body: "temperature" in body.get("generationConfig", {}),
        "temperature; it is left out",
    ),
    # Google's proto parser
    "schema": (
        'Invalid JSON payload received. Unknown name "responseJsonSchema" at '
        "'generation_config': Cannot find field.",
        lambda body: "responseJsonSchema" in body.get("generationConfig", {}),
        "JSON schema; it is put in words",
    ),
    "too many states": (
        "The specified schema produces a constraint that has too many states for serving.",
        lambda body: "enum" in json.dumps(body.get("generationConfig", {})),
        "sizes and choices in a JSON schema; they are left out",
    ),
    # FirebaseExtended/compass-ai-travel-planning-sample-flutter #40
    "JSON mode": (
        "JSON mode is not enabled for models/gemma-3-27b-it",
        lambda body: "responseMimeType" in body.get("generationConfig", {}),
        "form of an answer; it is asked for in words",
    ),
    # 0xPlaygrounds/rig #788
    "system": (
        "Developer instruction is not enabled for models/gemma-3-27b-it",
        lambda body: "systemInstruction" in body,
        "system message; instructions go in front",
    ),
}


@pytest.mark.parametrize(("words", "offends", "said"), GOOGLES.values(), ids=GOOGLES)
def test_gemini_is_asked_without_what_it_refuses(
    words: str,
    offends: Callable[[dict[str, Any]], bool],
    said: str,
    serve: Make,
    task: Make,
    capsys: pytest.CaptureFixture[str],
) -> None:
    refusal = Act({"error": {"code": 400, "message": words, "status": "INVALID_ARGUMENT"}}, 400)
    server = serve(lambda asked: refusal if offends(asked.body) else gemini(GOOD))
    settings = {"max_output_tokens": 99, "temperature": 0.0, "thinking_budget": 0}
    tasks = task(answer=Choice), task(("c",), answer=Choice)
    answers = asked_with(params(server, "gemini"), settings, *tasks)
    assert [answer.outcome for answer in answers] == ["answered"] * 2
    assert [offends(one.body) for one in server.asked][-2:] == [False, False]
    assert said in asides(capsys)[-1]


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ([{"text": GOOD, "thought": True}], "a thought without an answer"),
        ([{"functionCall": {"name": "f"}}], "a tool call instead of an answer"),
    ],
)
def test_a_thought_of_gemini_is_no_answer(parts: Any, reason: str, serve: Make, task: Make) -> None:
    candidate = {"content": {"role": "model", "parts": parts}, "finishReason": "STOP"}
    server = serve(Act({"candidates": [candidate]}))
    [answer] = all_asked(params(server, "gemini"), [task()])
    assert (answer.outcome, answer.reply.failure.reason) == ("invalid", reason)
    assert len(server.asked) == 1


def test_an_error_within_a_full_answer_of_gemini_has_its_status(
    serve: Make, task: Make, clock: Any
) -> None:
    server = serve(Act({"error": {"code": 503, "message": "busy"}}), gemini(GOOD))
    [answer] = all_asked(params(server, "gemini"), [task()], clock)
    assert (answer.outcome, len(server.asked)) == ("answered", 2)


def test_a_prompt_longer_than_geminis_context_is_said(serve: Make, task: Make, clock: Any) -> None:
    words = (
        "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576)."
    )
    refusal = {"error": {"code": 400, "message": words, "status": "INVALID_ARGUMENT"}}
    server = serve(Act(refusal, 400))
    [failure] = all_asked(params(server, "gemini", breaker=1), [task()], clock)
    assert "exceed the context); every answer so far is kept, so lower llm.max_tokens" in str(
        failure
    )


@pytest.mark.parametrize("provider", ["openai", "gemini"])
def test_a_batch_that_is_refused_for_a_parameter_is_sent_again_once_without_it(
    provider: str,
    serve_batches: Make,
    task: Make,
    clock: Any,
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = error("Unsupported value: 'temperature'", param="temperature")
    status = 400 if provider == "openai" else 3
    words = words if provider == "openai" else words["error"]

    def answer(request: dict[str, Any]) -> Act:
        is_refused = "temperature" in json.dumps(request)
        return Act(words, status) if is_refused else echo(provider)(request)

    server = serve_batches(answer)
    setting = params(server, provider, mode="batch", poll=7.0)
    answers = all_asked(setting, [task((f"film {n}",)) for n in range(4)], clock)
    assert [label_of(answer) for answer in answers] == [f"film {n}" for n in range(4)]
    assert [len(job.requests) for job in server.book.jobs] == [4, 4]
    assert capsys.readouterr().err.count("takes no temperature") == 1
