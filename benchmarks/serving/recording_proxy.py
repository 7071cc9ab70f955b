"""A local proxy that passes requests on and remembers what was sent and what came back."""

import http.client
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

_CONTENT = {"model", "messages", "query", "documents"}
_PASSED_ON = ("content-type", "retry-after")


@dataclass(frozen=True)
class Exchange:
    """One request and its answer; nothing of the prompt or of the answer's text."""

    sent: tuple[str, ...]
    """The parameters, with the kind of `response_format`."""
    status: int
    cause: str
    """How the server calls the error: its code or its type."""
    message: str
    """The beginning of its words."""
    seconds: float


@dataclass
class Recorder:
    """What passed through; `exchanges` is emptied by who reads it."""

    server: str
    exchanges: list[Exchange] = field(default_factory=list)

    def taken(self) -> list[Exchange]:
        """Everything since the last call."""
        taken, self.exchanges = self.exchanges, []
        return taken


class _Proxy(ThreadingHTTPServer):
    daemon_threads = True
    recorder: Recorder

    def handle_error(self, *_: Any) -> None:
        """A client that went away is no event."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Proxy

    def do_GET(self) -> None:
        self._pass_on(b"")

    def do_POST(self) -> None:
        self._pass_on(self.rfile.read(int(self.headers.get("content-length", 0))))

    def _pass_on(self, body: bytes) -> None:
        recorder, start = self.server.recorder, time.perf_counter()
        try:
            status, headers, answer = fetched(recorder.server, self.command, self.path, body)
        except OSError:
            self.close_connection = True  # as the server did
            return
        if self.command == "POST":
            seconds = round(time.perf_counter() - start, 3)
            cause, message = cause_of(status, answer)
            recorder.exchanges.append(Exchange(sent(body), status, cause, message, seconds))
        self.send_response(status)
        for name in _PASSED_ON:
            if name in headers:
                self.send_header(name, headers[name])
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: Any) -> None:
        """Nothing is printed."""


def fetched(
    server: str, method: str, path: str, body: bytes = b"", timeout: float = 300
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers in lower case, body; an OSError if there is no whole answer."""
    connection = http.client.HTTPConnection(urlsplit(server).netloc, timeout=timeout)
    try:
        connection.request(method, path, body or None, {"content-type": "application/json"})
        answer = connection.getresponse()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        return answer.status, headers, answer.read()
    except http.client.HTTPException as error:
        raise ConnectionError(str(error)) from error
    finally:
        connection.close()


def sent(body: bytes) -> tuple[str, ...]:
    """The parameters of a request; `response_format` with its kind."""
    asked = json.loads(body)
    form = asked.pop("response_format", None)
    names = sorted(set(asked) - _CONTENT)
    return tuple([form["type"], *names] if form else names)


def cause_of(status: int, answer: bytes) -> tuple[str, str]:
    """How a server calls its refusal, and what it says; both empty if it answered."""
    if status < 400:
        return "", ""
    try:
        said = json.loads(answer)
    except ValueError:
        return "", answer.decode(errors="replace")[:200]
    error = said.get("error", said) if isinstance(said, dict) else said
    if not isinstance(error, dict):
        return "", str(error)[:200]
    names = [error.get("code"), error.get("type")]
    cause = next((name for name in names if isinstance(name, str)), "")
    return cause, str(error.get("message", error.get("detail", "")))[:200]


def counted(exchanges: Sequence[Exchange]) -> list[dict[str, Any]]:
    """How often each set of parameters was sent and what the server said to it."""
    kinds = Counter((e.sent, e.status, e.cause) for e in exchanges)
    words = {(e.sent, e.status, e.cause): e.message for e in reversed(exchanges)}
    return [
        {"sent": list(key[0]), "status": key[1], "times": times}
        | ({"cause": key[2], "message": words[key]} if key[1] >= 400 else {})
        for key, times in kinds.items()
    ]


@contextmanager
def recording(server: str) -> Iterator[tuple[str, Recorder]]:
    """The proxy's address, and what passes through it."""
    proxy = _Proxy(("127.0.0.1", 0), _Handler)
    proxy.recorder = Recorder(server)
    thread = threading.Thread(target=proxy.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{proxy.server_address[1]}", proxy.recorder
    finally:
        proxy.shutdown()
        proxy.server_close()
        thread.join()
