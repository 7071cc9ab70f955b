"""A chat model that cannot be asked is found out before any question, by real sockets."""

import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from stages.core.errors import E2epError, InputError, MissingError
from stages.llm.params import LlmParams
from stages.llm.ready import require_ready
from tests.llm.server import Act, Server, nowhere

Make = Callable[..., Any]
BOTH = pytest.mark.parametrize("provider", ["openai", "gemini"])
MODELS = {"openai": "gpt-4o-mini", "gemini": "gemini-2.5-flash"}
KEYS = {"openai": "OPENAI_API_KEY", "gemini": "GEMINI_API_KEY"}
CANARY = "sk-canary-8d1f"


def params(url: str, provider: str = "openai", **more: Any) -> LlmParams:
    return LlmParams(**{"provider": provider, "model": MODELS[provider], "base_url": url} | more)


def greets(serve: Make, greeting: Act) -> Server:
    """A server that answers so when it is asked for its models."""
    server: Server = serve(Act("", 500))
    server.greeting = greeting
    return server


@pytest.fixture
def mute() -> Iterator[str]:
    """A server that takes connections and says nothing."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(8)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/v1"


@BOTH
@pytest.mark.parametrize("status", [200, 401, 403, 404, 429, 500, 501])
def test_any_answer_will_do_and_no_question_is_sent(
    provider: str, status: int, serve: Make
) -> None:
    server = greets(serve, Act({"data": [], "models": []}, status))
    require_ready(params(server.url, provider))
    assert ["/models" in asked.path for asked in server.greeted] == [True]
    assert server.asked == []


@BOTH
def test_a_server_that_is_not_there_is_named(provider: str) -> None:
    url = nowhere()
    with pytest.raises(InputError) as raised:
        require_ready(params(url, provider))
    assert str(raised.value).startswith(f"no server at {url} (connection refused); start that")


@BOTH
def test_a_host_that_nobody_knows_is_named_without_the_password(provider: str) -> None:
    with pytest.raises(InputError) as raised:
        require_ready(params("http://me:secret@nosuch.localdomain.internal/v1?k=secret", provider))
    said = str(raised.value)
    assert said.startswith("no server at http://nosuch.localdomain.internal/v1 (unknown host)")
    assert "secret" not in said


@BOTH
def test_a_server_that_says_nothing_is_named(
    provider: str, mute: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stages.llm.ready.CONNECT_SECONDS", 0.3)
    with pytest.raises(InputError, match=rf"^no answer from {mute} within 0\.3 s; start that"):
        require_ready(params(mute, provider))


@BOTH
@pytest.mark.parametrize(
    ("status", "error"),
    [
        (401, {"message": f"Incorrect API key provided: {CANARY}", "code": "invalid_api_key"}),
        (400, {"message": "API key not valid", "details": [{"reason": "API_KEY_INVALID"}]}),
    ],
    ids=["openai's words", "gemini's words"],
)
def test_a_key_that_the_server_calls_wrong_is_told_without_showing_it(
    provider: str,
    status: int,
    error: dict[str, Any],
    serve: Make,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("E2EP_API_KEY", CANARY)
    with pytest.raises(InputError) as raised:
        require_ready(params(greets(serve, Act({"error": error}, status)).url, provider))
    assert "does not accept the key in E2EP_API_KEY (HTTP 401)" in str(raised.value)
    assert CANARY not in str(raised.value)


def test_a_key_that_may_not_list_models_may_still_be_good(serve: Make) -> None:
    error = {"message": "Missing scopes: api.model.read. A restricted API key needs them."}
    require_ready(params(greets(serve, Act({"error": error}, 403)).url))


@BOTH
def test_the_key_does_not_follow_to_another_server(provider: str, serve: Make) -> None:
    other = greets(serve, Act({"data": []}))
    moved = Act("", 307, {"location": f"{other.url}/v1/models"})
    require_ready(params(greets(serve, moved).url, provider))
    assert other.greeted == []


@BOTH
def test_a_missing_key_is_named_before_any_request(provider: str) -> None:
    with pytest.raises(InputError, match=rf"^{KEYS[provider]}.* is not set; put your key there"):
        require_ready(LlmParams(provider=provider, model=MODELS[provider]))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("provider", "package"), [("openai", "openai"), ("gemini", "google.genai")]
)
def test_a_missing_package_is_named(
    provider: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, f"stages.llm.providers.{provider}", raising=False)
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingError, match=f"^llm.provider {provider} needs the package {package}"):
        require_ready(params(nowhere(), provider))


def test_recorded_answers_must_be_there_and_readable(tmp_path: Path) -> None:
    file = tmp_path / "answers.jsonl"
    for content, sentence in ((None, "is not a file"), ("", "holds no answers"), ("{", "line 1")):
        if content is not None:
            file.write_text(content)
        with pytest.raises(E2epError, match=sentence):
            require_ready(LlmParams(provider="replay", replay=file))


def test_offline_rules_are_always_ready() -> None:
    require_ready(LlmParams())
