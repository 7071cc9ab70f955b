"""A chat model that cannot be asked is found out before any question, by real sockets."""

import socket
import sys
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from stages.core.errors import E2epError, InputError, MissingError
from stages.llm.params import LlmParams
from stages.llm.servers.lifetime import notes_on, require_living
from stages.llm.servers.listed import ListedModel, listed_models
from stages.llm.servers.ready import require_ready
from tests.llm.server import Act, Server, nowhere

Make = Callable[..., Any]
BOTH = pytest.mark.parametrize("provider", ["openai", "gemini"])
MODELS = {"openai": "gpt-6-luna", "gemini": "gemini-3.5-flash-lite"}
KEYS = {"openai": "OPENAI_API_KEY", "gemini": "GEMINI_API_KEY"}
CANARY = "sk-canary-8d1f"


def params(url: str | None, provider: str = "openai", **more: Any) -> LlmParams:
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
def test_nobody_is_told_to_start_the_server_of_a_provider(
    provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEYS[provider], CANARY)
    monkeypatch.setenv("HTTPS_PROXY", nowhere())
    with pytest.raises(
        InputError, match=r"; check the network and the proxy, or set llm\.provider"
    ):
        require_ready(LlmParams(provider=provider, model=MODELS[provider]))  # type: ignore[arg-type]


def test_a_retired_model_is_named_without_a_network_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", CANARY)
    monkeypatch.setenv("HTTPS_PROXY", nowhere())
    with pytest.raises(InputError, match=r"^o4-mini was retired on 2026-10-23; set llm\.model to"):
        require_ready(LlmParams(provider="openai", model="o4-mini"))


@BOTH
def test_a_host_that_nobody_knows_is_named_without_the_user(provider: str) -> None:
    with pytest.raises(InputError) as raised:
        require_ready(params("http://secret@nosuch.localdomain.internal/v1", provider))
    said = str(raised.value)
    assert said.startswith("no server at http://nosuch.localdomain.internal/v1 (unknown host)")
    assert "secret" not in said


@BOTH
def test_a_server_that_says_nothing_is_named(
    provider: str, mute: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stages.llm.servers.ready.CONNECT_SECONDS", 0.3)
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


TODAY = date(2026, 11, 28)


def openai_list(**ends: str | None) -> Act:
    """OpenAI's form of a list, with a shutdown date for each model, or null."""
    rows = [
        {"id": name.replace("_", "-"), "object": "model", "shutdown_date": day}
        for name, day in ends.items()
    ]
    return Act({"object": "list", "data": rows})


def test_a_model_whose_last_day_is_over_on_the_server_s_list_is_one_sentence(serve: Make) -> None:
    server = greets(serve, openai_list(o4_mini="2026-10-23", gpt_6_luna=None))
    with pytest.raises(InputError) as raised:
        require_ready(params(server.url, model="o4-mini"), TODAY)
    assert str(raised.value) == (
        "o4-mini was retired on 2026-10-23; set llm.model to gpt-6.1-terra, or repeat an earlier "
        "run from its recorded answers with llm.provider=replay"
    )
    assert server.asked == []


def test_a_model_that_its_server_retires_today_is_over(serve: Make) -> None:
    server = greets(serve, openai_list(mine=date.today().isoformat()))
    with pytest.raises(
        InputError, match=r"^mine was retired on .*; set llm\.model to another that"
    ):
        require_ready(params(server.url, model="mine"))


@pytest.mark.parametrize("section", ["llm", "llm.users", "llm.judge"])
def test_what_takes_a_retired_model_s_place_is_on_the_server_s_own_list(
    section: str, serve: Make
) -> None:
    url = greets(serve, openai_list(mine_1="2026-10-01", mine_0="2026-10-01", mine_2=None)).url
    named = {"provider": "openai", "model": "mine-1", "base_url": url}
    judge = {"model": "mine-1", "base_url": url}
    asked = {
        "llm": LlmParams(**named),  # type: ignore[arg-type]
        "llm.users": LlmParams(users=named).about_users,  # type: ignore[arg-type]
        "llm.judge": LlmParams(judge=judge).judging,  # type: ignore[arg-type]
    }[section]
    with pytest.raises(InputError) as raised:
        require_ready(asked, TODAY)
    assert f"; set {section}.model to one that its server lists (mine-2), or" in str(raised.value)
    [note] = require_ready(asked, date(2026, 9, 20))
    assert note.endswith(f"; set {section}.model to one that its server lists (mine-2) in time")


@pytest.mark.parametrize(("days", "said"), [(1, True), (60, True), (61, False)])
def test_a_model_that_ends_within_sixty_days_is_worth_a_line(
    days: int, said: bool, serve: Make
) -> None:
    day = (TODAY + timedelta(days=days)).isoformat()
    server = greets(serve, openai_list(gpt_4o_mini=day))
    notes = require_ready(params(server.url, model="gpt-4o-mini"), TODAY)
    expected = f"gpt-4o-mini ends on {day}, in {days} days; set llm.model to gpt-6-luna in time"
    assert notes == ([expected] if said else [])


@BOTH
def test_a_model_that_the_server_does_not_list_is_worth_a_line_and_no_error(
    provider: str, serve: Make
) -> None:
    names = ["gpt-6-lunar", "models/gemini-3.5-flash", "qwen3:4b", "whisper"]
    body = {"data": [{"id": name} for name in names], "models": [{"name": name} for name in names]}
    server = greets(serve, Act(body))
    [note] = require_ready(params(server.url, provider))
    nearest = {"openai": "gpt-6-lunar", "gemini": "gemini-3.5-flash"}[provider]
    assert note.startswith(f"the server at {server.url} does not list {MODELS[provider]}; it lists")
    assert note.split("it lists ")[1].startswith(f"{nearest}, ")
    assert note.endswith(" and 1 more")


@BOTH
@pytest.mark.parametrize("listed", ["{model}", "models/{model}", "{model}:latest"])
def test_a_model_that_is_listed_or_a_server_without_a_list_needs_no_line(
    provider: str, listed: str, serve: Make
) -> None:
    name = listed.format(model=MODELS[provider])
    bodies: list[Any] = [{"data": [{"id": name}], "models": [{"name": name}]}, {"data": 3}, {}, []]
    for body in bodies:
        assert require_ready(params(greets(serve, Act(body)).url, provider), TODAY) == []


def test_a_list_may_be_anything() -> None:
    rows = [{"id": "a\n\x1b[2Jb", "shutdown_date": "soon"}, {"id": 3}, None, "x", {"name": "c"}]
    expected = [ListedModel("a[2Jb"), ListedModel("c")]
    assert listed_models({"data": rows}) == expected
    assert listed_models(None) == listed_models({"data": {}}) == []


@pytest.mark.parametrize(
    ("provider", "model", "successor"),
    [
        ("openai", "o4-mini", "gpt-6.1-terra"),
        ("openai", "gpt-4o-mini-2024-07-18", "gpt-6-luna"),
        ("gemini", "gemini-2.5-flash", "gemini-3.5-flash-lite"),
    ],
)
def test_at_the_provider_s_own_address_its_announced_last_day_counts(
    provider: str, model: str, successor: str
) -> None:
    """Gemini's list has no dates, and a retired model is on no list."""
    day, own = date(2027, 1, 14), params(None, provider, model=model)
    for listed in ([], [ListedModel("gpt-6-luna")], [ListedModel(model)]):
        with pytest.raises(InputError, match=f"^{model} was retired on .* to {successor},"):
            require_living(own, listed, day)
    elsewhere = params("http://127.0.0.1:1/v1", provider, model=model)
    require_living(elsewhere, [], day)
    assert list(notes_on(elsewhere, [], date(2026, 10, 20))) == []


def test_what_the_provider_s_list_says_comes_before_what_was_announced() -> None:
    own = params(None, model="gpt-4o-mini")
    day = date(2027, 2, 1)
    require_living(own, [ListedModel("gpt-4o-mini", date(2027, 6, 1))], day)
    require_living(own, [ListedModel("gpt-4o-mini"), ListedModel("old", TODAY)], day)


def test_a_retired_model_is_named_even_where_its_key_is_missing_too() -> None:
    with pytest.raises(InputError, match=r"^o4-mini was retired on 2026-10-23; set llm\.model to"):
        require_ready(LlmParams(provider="openai", model="o4-mini"), TODAY)


def test_what_is_wrong_with_the_model_for_users_is_said_of_llm_users(serve: Make) -> None:
    url = nowhere()
    users = {"provider": "openai", "model": "mine", "base_url": url}
    about = LlmParams(provider="openai", users=users).about_users  # type: ignore[arg-type]
    with pytest.raises(InputError) as raised:
        require_ready(about)
    assert str(raised.value).endswith(
        "; start that server or check llm.users.base_url and the network, or set llm.users to "
        "offline"
    )
    error = {"message": "no", "code": "invalid_api_key"}
    server = greets(serve, Act({"error": error}, 401))
    users["base_url"] = server.url
    about = LlmParams(provider="openai", users=users).about_users  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"E2EP_USERS_API_KEY .*, or set llm\.users to offline$"):
        require_ready(about)
