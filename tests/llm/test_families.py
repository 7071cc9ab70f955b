"""What each family accepts, in the bodies that real clients send to a server that is strict."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from stages.core.errors import ParamError
from stages.core.params import check_section
from stages.llm.answers.structured import Answer, ask
from stages.llm.families import MODEL_FAMILIES, model_family
from stages.llm.params import LlmParams
from stages.llm.prices.presets import PRESETS
from stages.llm.providers import connect, connected
from tests.llm.batch_server import Plan
from tests.llm.server import Asked
from tests.llm.strict_server import GOOD, strict

Make = Callable[..., Any]
SCHEMA = {
    "type": "object",
    "properties": {"label": {"type": "string"}, "score": {"type": "integer"}},
    "required": ["label", "score"],
    "additionalProperties": False,
}
TEXT = '{"items": ["a", "bb"]}'
OPENAI_BODIES: dict[str, dict[str, Any]] = {
    "gpt-6-luna": {
        "max_completion_tokens": 4096,
        "reasoning_effort": "none",
        "temperature": 0.0,
    },
    "gpt-6.1-terra": {"max_completion_tokens": 4096, "reasoning_effort": "low"},
    "gemma4:e4b": {"max_tokens": 4096, "reasoning_effort": "none", "temperature": 0.0},
    "gpt-4o-mini": {"max_tokens": 4096, "temperature": 0.0},
    "gpt-4.1-mini": {"max_tokens": 4096, "temperature": 0.0},
    "o4-mini": {"max_completion_tokens": 4096, "reasoning_effort": "medium"},
    "gemma-3-4b": {"model": "gemma3:4b", "max_tokens": 4096, "temperature": 0.0},
}
GEMINI_BODIES: dict[str, dict[str, Any]] = {
    "gemini-3.5-flash-lite": {"thinkingConfig": {"thinking_level": "MINIMAL"}},
    "gemini-3.6-flash": {"thinkingConfig": {"thinking_level": "LOW"}},
}


def body_of(model: str) -> dict[str, Any]:
    """The whole body that a preset's model gets, the schema apart."""
    if model in OPENAI_BODIES:
        said = [
            {"role": "system", "content": "Pick one."},
            {"role": "user", "content": TEXT},
        ]
        return {"model": model, "messages": said} | OPENAI_BODIES[model]
    generation = {"maxOutputTokens": 4096, "responseMimeType": "application/json"}
    return {
        "contents": [{"role": "user", "parts": [{"text": TEXT}]}],
        "systemInstruction": {"role": "user", "parts": [{"text": "Pick one."}]},
        "generationConfig": generation | GEMINI_BODIES[model],
    }


def without_schema(body: dict[str, Any]) -> dict[str, Any]:
    """The body without its schema, which must be that of the task."""
    if "response_format" in body:
        form = body.pop("response_format")
        assert form["type"] == "json_schema"
        schema = form["json_schema"]["schema"]
    else:
        schema = body["generationConfig"].pop("responseJsonSchema")
    bare = {key: value for key, value in schema.items() if key in SCHEMA}
    assert bare == SCHEMA
    return body


def params(url: str, model: str, **more: Any) -> LlmParams:
    provider = PRESETS[model].provider if model in PRESETS else "openai"
    path = "/v1" if provider == "openai" else ""
    return check_section(
        "llm", {"provider": provider, "model": model, "base_url": url + path} | more, LlmParams
    )


def asked(setting: LlmParams, task: Any, clock: Any) -> Answer:
    async def run() -> Answer:
        async with connected(setting, clock) as model:
            return await ask(model, task)

    return asyncio.run(run())


def test_every_preset_has_a_body_here() -> None:
    assert {*OPENAI_BODIES, *GEMINI_BODIES} == set(PRESETS)


@pytest.mark.parametrize("model", PRESETS)
def test_a_preset_s_body_is_this_one_and_its_server_refuses_nothing(
    model: str, serve: Make, task: Make, clock: Any
) -> None:
    server = serve(strict)
    answer = asked(params(server.url, model), task(), clock)
    assert (answer.outcome, len(server.asked)) == ("answered", 1)
    assert without_schema(server.asked[0].body) == body_of(model)


@pytest.mark.parametrize("model", PRESETS)
def test_the_line_of_a_batch_is_the_same_body(
    model: str, serve_batches: Make, task: Make, clock: Any
) -> None:
    path = f"/v1/models/{model}:generateContent" if model in GEMINI_BODIES else "/chat/completions"
    server = serve_batches(lambda body: strict(Asked(path, {}, body, 0.0)), Plan())
    answer = asked(params(server.url, model, mode="batch", poll=1.0), task(), clock)
    assert answer.outcome == "answered"
    [sent] = server.book.jobs[0].requests.values()
    named = {"model": f"models/{model}"} if model in GEMINI_BODIES else {}
    assert without_schema(sent) == body_of(model) | named


OF_OPENAI = ("gpt-6-luna", "gpt-6.1-sol", "gpt-5.6-luna", "gpt-5.4-mini", "gpt-5.1", "gpt-5-nano")
WORDS = [
    (model, effort)
    for model in (*OF_OPENAI, "o4-mini", "gemma4:e4b", "gemini-3.5-flash-lite", "gemini-3.6-flash")
    for effort in model_family(model, "gemini" if model.startswith("gemini") else "openai").efforts
]


@pytest.mark.parametrize(("model", "effort"), WORDS)
def test_every_word_that_a_family_knows_is_taken_by_its_server(
    model: str, effort: str, serve: Make, task: Make, clock: Any
) -> None:
    server = serve(strict)
    answer = asked(params(server.url, model, effort=effort), task(), clock)
    assert (answer.outcome, len(server.asked)) == ("answered", 1)
    generation = server.asked[0].body.get("generationConfig")
    if generation is None:
        assert server.asked[0].body["reasoning_effort"] == effort
    else:
        assert generation["thinkingConfig"] == {"thinking_level": effort.upper()}


@pytest.mark.parametrize(
    ("effort", "budget"), [("none", 0), ("low", 1024), ("high", 24_576), (None, None)]
)
def test_gemini_2_5_is_told_in_tokens(effort: str | None, budget: int | None) -> None:
    setting = LlmParams(provider="gemini", model="gemini-2.5-flash", effort=effort)  # type: ignore[arg-type]
    assert setting.settings.get("thinking_budget") == budget
    assert setting.settings["temperature"] == 0.0


@pytest.mark.parametrize("model", ["gpt-6-luna", "openai/gpt-6-luna"])
def test_a_temperature_goes_to_gpt_6_only_with_effort_none(model: str) -> None:
    for effort in ("none", "low", None):
        setting = LlmParams(provider="openai", model=model, effort=effort)  # type: ignore[arg-type]
        sends = effort == "none" or (effort is None and model in PRESETS)
        assert ("temperature" in setting.settings) is sends


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        (
            {"provider": "openai", "effort": "minimal"},
            "llm.effort is minimal, but gpt-6-luna knows none, low, medium, high, xhigh, max; set "
            "it to one of these, or to null",
        ),
        (
            {"provider": "gemini", "effort": "none"},
            "llm.effort is none, but gemini-3.5-flash-lite knows minimal, low, medium, high;",
        ),
        (
            {"provider": "openai", "model": "gpt-4o-mini", "effort": "low"},
            "llm.effort is low, but gpt-4o-mini takes no effort at all; set it to null",
        ),
        (
            {
                "provider": "openai",
                "users": {"provider": "openai", "model": "gemma4:e4b", "effort": "max"},
            },
            "llm.users.effort is max, but gemma4:e4b knows none, low, medium, high;",
        ),
        ({"effort": "low"}, "llm.effort=low is set, but llm.provider is offline, which asks no"),
        ({"provider": "openai", "effort": "most"}, "llm.effort in params.yaml is 'most': input"),
    ],
)
def test_a_word_that_a_family_does_not_know_is_refused_with_those_that_it_knows(
    setting: dict[str, Any], said: str
) -> None:
    with pytest.raises(ParamError) as raised:
        check_section("llm", setting, LlmParams)
    assert said in str(raised.value)


def test_effort_is_that_of_the_model_and_not_of_another_one_for_users() -> None:
    users = {"provider": "openai", "base_url": "http://127.0.0.1:1/v1"}
    llm = {"provider": "openai", "model": "gpt-6-luna", "effort": "max"}
    same = check_section("llm", llm | {"users": users}, LlmParams)
    other = check_section("llm", llm | {"users": users | {"model": "mine"}}, LlmParams)
    own = check_section("llm", llm | {"users": users | {"effort": "low"}}, LlmParams)
    assert [one.about_users.effort for one in (same, other, own)] == ["max", None, "low"]


def test_effort_is_part_of_the_cache_key() -> None:
    url = "http://127.0.0.1:1/v1"
    low, high = (connect(params(url, "gpt-6-luna", effort=word)) for word in ("low", "high"))
    assert low.settings != high.settings


def test_every_family_has_a_source_and_the_day_it_was_read() -> None:
    assert all(family.source and family.date == "2026-11-28" for family in MODEL_FAMILIES)


def test_gemini_is_asked_by_a_pinned_version_whatever_the_environment_says(
    serve: Make, task: Make, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOOGLE_GENAI_API_VERSION", "beta")
    server = serve(strict)
    asked(params(server.url, "gemini-3.5-flash-lite"), task(), clock)
    assert server.asked[0].path == "/v1/models/gemini-3.5-flash-lite:generateContent"


def test_the_strict_server_refuses_what_it_should() -> None:
    """Else the tests above would show nothing."""
    body = body_of("gpt-6.1-terra")
    for wrong, named in (
        ({"temperature": 0.0}, "'temperature'"),
        ({"max_tokens": 1}, "'max_tokens'"),
        ({"reasoning_effort": "minimal"}, "'reasoning_effort'"),
        ({"top_k": 1}, "'top_k'"),
    ):
        refused = strict(Asked("/chat/completions", {}, body | wrong, 0.0))
        assert (refused.status, named in refused.body["error"]["message"]) == (400, True)
    generation = body_of("gemini-3.6-flash")["generationConfig"]
    for more in ({"temperature": 0.0}, {"thinkingConfig": {"thinking_budget": 0}}, {"topX": 1}):
        path = "/v1/models/gemini-3.6-flash:generateContent"
        bad = strict(Asked(path, {}, {"generationConfig": generation | more}, 0.0))
        assert bad.status == 400
    assert strict(Asked("/chat/completions", {}, body, 0.0)).body["choices"][0]["message"] == {
        "role": "assistant",
        "content": GOOD,
    }
