"""A server on 127.0.0.1 that speaks the part of TMDB that is used, and misbehaves as scripted."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from time import sleep
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import SecretStr

from stages.enrich.params import TmdbParams
from stages.enrich.tmdb.cache import TmdbCache
from stages.enrich.tmdb.client import Tmdb
from stages.enrich.tmdb.pace import Clock, Pace
from stages.enrich.tmdb.web import Web

CANARY = "canary-0123456789abcdef-never-shown"


@dataclass(frozen=True)
class Said:
    """One answer: a JSON value, raw text or bytes.

    `cut` breaks the connection in mid-answer, `trickle` sends a byte every so many seconds.
    """

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False
    trickle: float = 0.0

    def content(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        return self.body.encode() if isinstance(self.body, str) else json.dumps(self.body).encode()


@dataclass
class Server:
    """Answers by path, or by path and query text, in turn, the last for ever; others are 404."""

    script: dict[str, list[Said]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    url: str = ""
    headers: list[dict[str, str]] = field(default_factory=list)

    def says(self, path: str, *answers: Said) -> None:
        self.script[path] = list(answers)

    def answer(self, path: str, query: dict[str, str]) -> Said:
        self.asked.append((path, query))
        year = f"&{query['year']}" if "year" in query else ""
        key = f"{path}?{query['query']}{year}" if "query" in query else path
        waiting = self.script.get(
            key, [Said({"results": []}) if "query" in query else Said({}, 404)]
        )
        return waiting.pop(0) if len(waiting) > 1 else waiting[0]

    def film(self, number: int, title: str, year: int, **more: Any) -> dict[str, Any]:
        """A film that has details, as a search lists it."""
        listed = {
            "id": number,
            "title": title,
            "original_title": title,
            "release_date": f"{year}-05-01",
        }
        self.says(f"/movie/{number}", Said({**listed, "overview": f"About {title}.", **more}))
        return listed


def _handler(server: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            said = server.answer(
                parts.path, {name: values[0] for name, values in parse_qs(parts.query).items()}
            )
            content = said.content()
            self.send_response(said.status)
            for name, value in {"Content-Length": str(len(content)), **said.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            server.headers.append(dict(self.headers))
            with suppress(ConnectionError):
                for place in range(len(content)) if said.trickle else ():
                    self.wfile.write(content[place : place + 1])
                    sleep(said.trickle)
                content = b"" if said.trickle else content
                self.wfile.write(content[: len(content) // 2] if said.cut else content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """The server, without scripted answers yet."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    made = Server()
    http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(made))
    made.url = f"http://127.0.0.1:{http.server_port}"
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    http.shutdown()
    http.server_close()
    thread.join()


@dataclass
class Time:
    """A clock that sleeping moves on."""

    now: float = 0.0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.slept.append(seconds)

    def clock(self) -> Clock:
        return Clock(lambda: self.now, self.sleep, Random(7).random)


@pytest.fixture
def time() -> Time:
    """A separate clock."""
    return Time()


@pytest.fixture
def tmdb(server: Server, time: Time, tmp_path: Path) -> Iterator[Callable[..., Tmdb]]:
    """The real client pointed at the server; called again, it has the same cached answers."""
    opened: list[TmdbCache] = []

    def build(**params: Any) -> Tmdb:
        asked = TmdbParams(base_url=server.url, **params)
        pace = Pace(asked.calls, asked.seconds, time.clock())
        web = Web(asked, SecretStr(CANARY), pace)
        opened.append(TmdbCache(tmp_path / "tmdb.sqlite", asked.keep_days))
        return Tmdb(web, opened[-1])

    yield build
    for cache in opened:
        cache.close()
