"""A real local HTTP server with Chat Completions and generateContent; misbehaves by a script."""

import json
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.patience import patient


@dataclass(frozen=True)
class Act:
    """What the server does with one request; `cut` ends the connection within the body."""

    body: Any = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    cut: bool = False
    trickle: float = 0.0


def chat(text: Any, end: str = "stop", usage: Any = None, **message: Any) -> Act:
    """A completion of the Chat Completions protocol."""
    said = {"role": "assistant", "content": text, **message}
    usage = usage or {
        "prompt_tokens": 100,
        "completion_tokens": 10,
        "prompt_tokens_details": {"cached_tokens": 40},
    }
    choice = {"index": 0, "message": said, "finish_reason": end}
    return Act(
        {
            "id": "1",
            "object": "chat.completion",
            "model": "served-1",
            "choices": [choice],
            "usage": usage,
        }
    )


def gemini(text: str, end: str = "STOP", **more: Any) -> Act:
    """An answer of generateContent, its first part a thought."""
    parts = [{"text": "hm", "thought": True}, {"text": text}]
    used = {
        "promptTokenCount": 100,
        "cachedContentTokenCount": 40,
        "candidatesTokenCount": 7,
        "thoughtsTokenCount": 3,
    }
    candidate = {"content": {"role": "model", "parts": parts}, "finishReason": end}
    return Act(
        {"candidates": [candidate], "usageMetadata": used, "modelVersion": "served-1"} | more
    )


def nowhere() -> str:
    """An address on this machine where nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}/v1"


@dataclass
class Asked:
    """One request, as it came."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    at: float


class LocalServer(ThreadingHTTPServer):
    """Listens at `url`, in threads of its own."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, handler: type[BaseHTTPRequestHandler], port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), handler)
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, *_: Any) -> None:
        """A client that went away is no event."""


class QuietHandler(BaseHTTPRequestHandler):
    """Logs nothing."""

    def log_message(self, *_: Any) -> None:
        """Silent."""


class Server(LocalServer):
    """Answers with the acts of a script in turn, the last for ever, or by a function."""

    def __init__(self, script: Sequence[Act] | Callable[[Asked], Act], port: int = 0) -> None:
        self.script, self.asked = script, list[Asked]()
        self.greeting, self.greeted = Act({"data": [], "models": []}), list[Asked]()
        self.under_way = self.most_under_way = self.crowd = 0
        self.lock = threading.Condition()
        super().__init__(_Handler, port)

    def next_act(self, asked: Asked) -> Act:
        with self.lock:
            self.asked.append(asked)
            if callable(self.script):
                return self.script(asked)
            return self.script[min(len(self.asked), len(self.script)) - 1]


class _Handler(QuietHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def do_POST(self) -> None:
        size = int(self.headers.get("content-length", 0))
        asked = Asked(self.path, dict(self.headers), json.loads(self.rfile.read(size)), time.time())
        server = self.server
        with server.lock:
            server.under_way += 1
            server.most_under_way = max(server.most_under_way, server.under_way)
            server.lock.notify_all()
            # Nobody is answered until as many requests came at once as a test expects: a client
            # that is slow must not look like one that waits.
            server.lock.wait_for(lambda: server.most_under_way >= server.crowd, timeout=patient(10))
        try:
            self._act(server.next_act(asked))
        finally:
            with server.lock:
                server.under_way -= 1

    def do_GET(self) -> None:
        """The list of models, which is asked for before any question."""
        self.server.greeted.append(Asked(self.path, dict(self.headers), {}, time.time()))
        self._act(self.server.greeting)

    def _act(self, act: Act) -> None:
        time.sleep(act.delay)
        is_text = isinstance(act.body, str)
        body = (act.body if is_text else json.dumps(act.body)).encode()
        self.send_response(act.status)
        headers = {
            "content-type": "text/html" if is_text else "application/json",
            "content-length": str(len(body)),
        }
        for name, value in (headers | act.headers).items():
            self.send_header(name, value)
        self.end_headers()
        if act.cut:
            self.wfile.write(body[: len(body) // 2])
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
            return
        for byte in body if act.trickle else b"":
            self.wfile.write(bytes([byte]))
            time.sleep(act.trickle)
        self.wfile.write(b"" if act.trickle else body)
