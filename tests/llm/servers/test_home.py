"""What concerns people stays at home: no proxy, no public address, no key of another server."""

import asyncio
import json
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from stages.core.errors import InputError, MissingError
from stages.llm.answers.structured import Answer, ask
from stages.llm.params import LlmParams
from stages.llm.providers import connected
from stages.llm.servers.ready import require_ready
from tests.llm.conftest import label_of
from tests.llm.server import Act, LocalServer, QuietHandler, Server, chat, gemini

Make = Callable[..., Any]
GOOD = '{"label": "a", "score": 1}'
BOTH = pytest.mark.parametrize(
    ("provider", "says"), [("openai", chat), ("gemini", gemini)], ids=["openai", "gemini"]
)
MODELS = {"openai": "gpt-6-luna", "gemini": "gemini-3.5-flash-lite"}
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
PUBLIC = "203.0.113.7"
SECRETS = {
    "OPENAI_API_KEY": "sk-openai-5c1e9a",
    "OPENAI_ADMIN_KEY": "sk-admin-77ab01",
    "OPENAI_ORG_ID": "org-44f0d2",
    "OPENAI_PROJECT_ID": "proj-90ac17",
    "OPENAI_CUSTOM_HEADERS": "x-mine: custom-1b7c02\nAuthorization: Bearer custom-1b7c02",
    "GEMINI_API_KEY": "gm-8d0c55e1",
    "GOOGLE_API_KEY": "gg-0a61f9b3",
    "GOOGLE_GENAI_USE_VERTEXAI": "true",
    "GOOGLE_GENAI_USE_ENTERPRISE": "true",
    "GOOGLE_CLOUD_PROJECT": "vertex-31c8",
    "GOOGLE_CLOUD_LOCATION": "europe-west4",
    "GOOGLE_GENAI_API_VERSION": "v1nonsense",
    "E2EP_JUDGE_API_KEY": "e2ep-judge-6620",
    "TMDB_API_KEY": "tmdb-2f81bc",
}
OURS = {"E2EP_API_KEY": "e2ep-items-41d7", "E2EP_USERS_API_KEY": "e2ep-users-be02"}
REQUEST = {"host", "accept", "accept-encoding", "connection", "user-agent"}


class Recorder(LocalServer):
    """A proxy that passes nothing on and keeps the first line of every request."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        super().__init__(_Recording)


class _Recording(QuietHandler):
    server: Recorder

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):
            return self._record
        raise AttributeError(name)

    def _record(self) -> None:
        self.server.lines.append(self.requestline)
        self.send_error(502)


@pytest.fixture
def proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[Recorder]:
    """A proxy that every variable names."""
    recorder = Recorder()
    for name in PROXIES:
        monkeypatch.setenv(name, recorder.url)
        monkeypatch.setenv(name.lower(), recorder.url)
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    yield recorder
    recorder.shutdown()
    recorder.server_close()


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let a name resolve to these addresses, each list for one look-up, the last for ever."""
    real = socket.getaddrinfo

    def resolve(name: str, *turns: list[str]) -> None:
        asked = iter(turns)
        last = turns[-1]

        def look_up(host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
            if host not in (name, name.encode()):
                return real(host, port, *args, **kwargs)
            return [
                answer
                for address in next(asked, last)
                for answer in real(address, port, type=socket.SOCK_STREAM)
            ]

        monkeypatch.setattr(socket, "getaddrinfo", look_up)

    return resolve


def params(url: str, provider: str = "openai", **more: Any) -> LlmParams:
    return LlmParams(**{"provider": provider, "model": MODELS[provider], "base_url": url} | more)


def named(server: Server, host: str) -> str:
    return f"http://{host}:{server.server_port}/v1"


def asked(setting: LlmParams, clock: Any, *tasks: Any) -> list[Answer]:
    async def run() -> list[Answer]:
        async with connected(setting, clock) as model:
            return [await ask(model, task) for task in tasks]

    return asyncio.run(run())


def headers_of(server: Server) -> list[dict[str, str]]:
    return [
        {name.lower(): value for name, value in one.headers.items()}
        for one in (*server.greeted, *server.asked)
    ]


@BOTH
def test_no_proxy_sees_a_request_to_a_local_server(
    provider: str, says: Make, serve: Make, clock: Any, task: Make, proxy: Recorder
) -> None:
    server = serve(says(GOOD))
    setting = params(named(server, "localhost"), provider)
    require_ready(setting)
    (answer,) = asked(setting, clock, task())
    assert (answer.outcome, len(server.greeted), len(server.asked)) == ("answered", 1, 1)
    assert proxy.lines == []


@pytest.mark.parametrize("provider", ["openai", "gemini"])
@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"])
def test_another_server_is_asked_through_the_proxy(
    variable: str,
    provider: str,
    clock: Any,
    task: Make,
    proxy: Recorder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in PROXIES:
        for spelling in {name, name.lower()} - {variable}:
            monkeypatch.delenv(spelling)
    monkeypatch.setenv(variable, proxy.url.removeprefix("http://"))
    monkeypatch.setenv("E2EP_API_KEY", "e2ep-items-41d7")
    asked(params("http://models.example.org/v1", provider, attempts=1), clock, task())
    [line] = proxy.lines
    assert line.startswith("POST http://models.example.org/v1")


def test_a_secure_connection_goes_through_the_tunnel_of_its_proxy(
    clock: Any, task: Make, proxy: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("E2EP_API_KEY", "e2ep-items-41d7")
    asked(params("https://models.example.org/v1", attempts=1), clock, task())
    assert proxy.lines == ["CONNECT models.example.org:443 HTTP/1.1"]


@pytest.mark.usefixtures("proxy")
def test_no_proxy_names_who_is_asked_without_one(
    serve: Make, clock: Any, task: Make, names: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(chat(GOOD))
    names("models.example.org", ["127.0.0.1"])
    monkeypatch.setenv("NO_PROXY", "example.org")
    monkeypatch.setenv("no_proxy", "example.org")
    monkeypatch.setenv("E2EP_API_KEY", "e2ep-items-41d7")
    (answer,) = asked(params(named(server, "models.example.org")), clock, task())
    assert (answer.outcome, len(server.asked)) == ("answered", 1)


@pytest.mark.parametrize(
    ("proxy_url", "error", "sentence"),
    [
        ("socks5://127.0.0.1:9", MissingError, "needs the package socksio"),
        ("gopher://127.0.0.1:9", InputError, "is no proxy that can be used"),
    ],
)
def test_a_proxy_that_cannot_be_used_is_one_sentence(
    proxy_url: str, error: type[Exception], sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("ALL_PROXY", proxy_url)
    monkeypatch.setenv("E2EP_API_KEY", "e2ep-items-41d7")
    with pytest.raises(error, match=sentence):
        require_ready(params("https://models.example.org/v1"))


@BOTH
@pytest.mark.parametrize(
    "addresses",
    [
        [PUBLIC],
        ["127.0.0.1", PUBLIC],
        ["::ffff:203.0.113.7"],
        ["169.254.169.254"],
        ["fe80::1"],
        ["64:ff9b::7f00:1"],
    ],
    ids=",".join,
)
def test_a_local_name_with_an_address_elsewhere_is_sent_nothing(
    addresses: list[str],
    provider: str,
    says: Make,
    serve: Make,
    clock: Any,
    task: Make,
    names: Make,
) -> None:
    server = serve(says(GOOD))
    names("evil", addresses)
    setting = params(named(server, "evil"), provider)
    for attempt in (lambda: require_ready(setting), lambda: asked(setting, clock, task())):
        with pytest.raises(InputError) as raised:
            attempt()
        said = str(raised.value)
        assert said.startswith(f"{setting.address} is not local: evil is at {addresses[-1]}, which")
        assert "nothing was sent" in said
    assert (server.greeted, server.asked) == ([], [])


def test_the_model_for_users_is_found_out_too(
    serve: Make, clock: Any, task: Make, names: Make
) -> None:
    server = serve(chat(GOOD))
    names("evil", [PUBLIC])
    users = {"provider": "openai", "model": "m", "base_url": named(server, "evil")}
    setting = LlmParams(provider="offline", users=users).about_users
    with pytest.raises(InputError, match="is not local: evil is at"):
        asked(setting, clock, task())
    assert server.asked == []


@BOTH
def test_a_name_that_moves_away_in_the_middle_takes_no_request_along(
    provider: str, says: Make, serve: Make, clock: Any, task: Make, names: Make
) -> None:
    """The address that was checked is the one that is asked, whatever the name means later."""
    server = serve(Act(says(GOOD).body, headers={"connection": "close"}))
    names("gpu", ["127.0.0.1"], [PUBLIC])
    answers = asked(params(named(server, "gpu"), provider), clock, task(), task(("c",)))
    assert [answer.outcome for answer in answers] == ["answered"] * 2
    assert {asked["host"] for asked in headers_of(server)} == {f"gpu:{server.server_port}"}


def test_each_address_of_a_local_name_is_tried(
    serve: Make, clock: Any, task: Make, names: Make
) -> None:
    server = serve(chat(GOOD))
    names("gpu", ["::1", "fe80::1", "127.0.0.9", "127.0.0.1"])
    (answer,) = asked(params(named(server, "gpu")), clock, task())
    assert answer.outcome == "answered"


@BOTH
def test_keys_of_others_reach_no_server_of_ones_own(
    provider: str,
    says: Make,
    serve: Make,
    clock: Any,
    task: Make,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Any,
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password netrc-5f00")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    server = serve(says(GOOD))
    setting = params(server.url, provider)
    require_ready(setting)
    asked(setting, clock, task())
    headers = {"authorization": None, "x-goog-api-key": None}
    assert [{name: one.get(name) for name in headers} for one in headers_of(server)] == [
        headers
    ] * 2
    sent = f"{headers_of(server)} {[one.path for one in (*server.greeted, *server.asked)]}"
    values = [word for value in SECRETS.values() for word in value.split() if len(word) > 6]
    assert not [value for value in [*values, "netrc", "v1nonsense"] if value in sent]


@BOTH
@pytest.mark.parametrize("section", ["llm", "llm.users"])
def test_each_section_has_a_key_of_its_own(
    section: str,
    provider: str,
    says: Make,
    serve: Make,
    clock: Any,
    task: Make,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in (SECRETS | OURS).items():
        monkeypatch.setenv(name, value)
    server = serve(says(GOOD))
    where = {"provider": provider, "model": MODELS[provider], "base_url": server.url}
    setting = LlmParams(**where) if section == "llm" else LlmParams(users=where).about_users  # type: ignore[arg-type]
    require_ready(setting)
    asked(setting, clock, task())
    ours = OURS["E2EP_API_KEY" if section == "llm" else "E2EP_USERS_API_KEY"]
    expected = (
        ("authorization", f"Bearer {ours}") if provider == "openai" else ("x-goog-api-key", ours)
    )
    assert all(expected in one.items() for one in headers_of(server))


@pytest.mark.parametrize("provider", ["openai", "gemini"])
def test_a_missing_key_says_which_and_why_not_the_other(
    provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(InputError) as raised:
        require_ready(params("https://models.example.org/v1", provider))
    other, owner = {
        "openai": ("OPENAI_API_KEY", "OpenAI"),
        "gemini": ("GEMINI_API_KEY", "Google"),
    }[provider]
    assert str(raised.value).startswith(
        "E2EP_API_KEY is not set; put the key of https://models.example.org/v1 there "
        f"({other} goes to {owner}'s address alone), or set llm.provider to offline"
    )


def test_a_key_of_ones_own_does_not_go_to_openai(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("E2EP_API_KEY", OURS["E2EP_API_KEY"])
    with pytest.raises(
        InputError, match=r"^OPENAI_API_KEY is not set; put your key there \(E2EP_API_KEY "
    ):
        require_ready(LlmParams(provider="openai", model="gpt-6-luna"))


@BOTH
def test_what_leaves_with_a_question_is_what_the_docs_list(
    provider: str,
    says: Make,
    serve: Make,
    clock: Any,
    task: Make,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("E2EP_API_KEY", OURS["E2EP_API_KEY"])
    server = serve(says(GOOD))
    setting = params(server.url, provider)
    require_ready(setting)
    asked(setting, clock, task())
    key = "authorization" if provider == "openai" else "x-goog-api-key"
    greeting, question = headers_of(server)
    assert set(greeting) - {"content-type"} == REQUEST | {key}
    assert set(question) == REQUEST | {key, "content-type", "content-length"}
    docs = (Path(__file__).parents[3] / "docs/servers.md").read_text(encoding="utf-8")
    listed = docs.partition("### Headers")[2].partition("\n## ")[0]
    assert listed
    assert not [name for name in question if f"`{name}" not in listed]
    assert question["user-agent"] == "e2ep"
    assert question["accept-encoding"] == "identity"


@BOTH
def test_the_key_is_the_password_of_the_name_in_an_address(
    provider: str,
    says: Make,
    serve: Make,
    clock: Any,
    task: Make,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nor does the header stay in an answer that repeats it."""
    monkeypatch.setenv("E2EP_API_KEY", "p@ss")
    server = serve(says(json.dumps({"label": "Basic bTplOnBAc3M=", "score": 1})))
    host = urlsplit(server.url).netloc
    (answer,) = asked(params(f"http://m%3Ae@{host}/v1", provider), clock, task())
    [sent] = headers_of(server)
    assert (sent["authorization"], sent["host"]) == ("Basic bTplOnBAc3M=", host)
    assert "x-goog-api-key" not in sent
    assert label_of(answer) == "Basic [key]"
