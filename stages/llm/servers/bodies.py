"""The body of a request as its client writes it, caught on this machine; nothing leaves it."""

import asyncio
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from pydantic import BaseModel

from stages.llm.params import LlmParams
from stages.llm.prices.presets import Preset
from stages.llm.providers import connect
from stages.llm.task import Task

ELIDED = "…"
"""Stands for the text of a message."""


class Example(BaseModel):
    """An answer with one field."""

    answer: str


def sent_body(chosen: Preset) -> dict[str, Any]:
    """What is sent to a preset's model under the default parameters, without the messages' text."""
    task = Task("example", "Instructions.", {}, Example, lambda _: Example(answer=""))
    with HTTPServer(("127.0.0.1", 0), _Catcher) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        asyncio.run(_asked(chosen, f"http://127.0.0.1:{server.server_port}/v1", task))
        return dict(_elided(json.loads(getattr(server, "body", b"{}"))))


async def _asked(chosen: Preset, url: str, task: Task) -> None:
    params = {"provider": chosen.provider, "model": chosen.name, "base_url": url}
    model = connect(LlmParams.model_validate(params | {"effort": chosen.effort}))
    try:
        await model.reply(task)
    finally:
        await model.close()  # type: ignore[attr-defined]


class _Catcher(BaseHTTPRequestHandler):
    """Keeps a request's body on the server, and says that the service is unavailable."""

    def do_POST(self) -> None:
        size = int(self.headers.get("content-length", 0))
        self.server.body = self.rfile.read(size)  # type: ignore[attr-defined]
        self.send_response(503)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Silent."""


def _elided(value: Any) -> Any:
    if isinstance(value, list):
        return [_elided(part) for part in value]
    if not isinstance(value, dict):
        return value
    return {
        key: ELIDED if key in ("content", "text") and isinstance(part, str) else _elided(part)
        for key, part in value.items()
    }
