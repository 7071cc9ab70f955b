"""What a client may do: to which host, with which token, how often, how much and how slowly."""

import asyncio
import json
import secrets
import time
from collections import OrderedDict
from collections.abc import Mapping

from e2ep_cli.serving.http.observing import Asgi, AsgiMessage, Receive, Send
from e2ep_cli.serving.settings import ServeSettings

OPEN = ("/", "/health", "/page")
"""Paths, and what lies below them, that need no token: they say nothing of a run."""
HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}
"""Of every answer: a page may ask nobody but this server."""
_LOCAL = ("localhost", "127.0.0.1", "[::1]")
_MOST_CLIENTS = 10_000


class Buckets:
    """A token bucket per client: `rate` requests a second, twice as many at once."""

    def __init__(self, rate: float) -> None:
        self.rate = rate
        self._filled: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, client: str, now: float) -> float:
        """Seconds until this client may ask; 0 if it may now, which is then counted."""
        if not self.rate:
            return 0.0
        most = max(1.0, 2 * self.rate)
        level, at = self._filled.pop(client, (most, now))
        level = min(most, level + self.rate * (now - at))
        may = level >= 1
        self._filled[client] = (level - 1 if may else level, now)
        if len(self._filled) > _MOST_CLIENTS:
            self._filled.popitem(last=False)
        return 0.0 if may else (1 - level) / self.rate


class WithinLimits:
    """Refuses what is not allowed before anything is read of it, and reads bodies within limits."""

    def __init__(self, app: Asgi, settings: ServeSettings, token: str | None) -> None:
        self.app, self.settings, self.token = app, settings, token
        self.buckets = Buckets(settings.rate / settings.workers)

    async def __call__(self, scope: AsgiMessage, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def sent(message: AsgiMessage) -> None:
            if message["type"] == "http.response.start":
                extra = [(name.encode(), text.encode()) for name, text in HEADERS.items()]
                message["headers"] = [*message["headers"], *extra]
            await send(message)

        headers = {name.decode("latin-1"): value for name, value in scope["headers"]}
        if problem := self._problem(scope, headers):
            status, said, more = problem
            await refuse(scope, sent, status, said, more)
            return
        body = await self._body(headers, receive)
        if isinstance(body, int):
            refused = {
                408: f"the request did not arrive within {self.settings.slow:.0f} seconds",
                413: f"the request is larger than {self.settings.body // 1024} KiB",
            }.get(body)
            if refused:
                await refuse(scope, sent, body, refused, {"connection": "close"})
            return
        await self.app(scope, _once(body, receive), sent)

    def _problem(
        self, scope: AsgiMessage, headers: Mapping[str, bytes]
    ) -> tuple[int, str, dict[str, str]] | None:
        host = headers.get("host", b"").decode("latin-1")
        if self.settings.is_local and host.rpartition(":")[0] not in _LOCAL and host not in _LOCAL:
            # Another name may be a page elsewhere whose name was led here (DNS rebinding).
            return 421, "this server answers to localhost and 127.0.0.1 alone", {}
        if wait := self.buckets.wait(_client(scope), time.monotonic()):
            seconds = str(max(1, round(wait)))
            return 429, "too many requests; wait a second", {"retry-after": seconds}
        path = str(scope["path"])
        is_open = path in OPEN or path.startswith("/page/")
        if self.token and not is_open:
            given = headers.get("authorization", b"").decode("latin-1")
            kind, _, said = given.partition(" ")
            right = secrets.compare_digest(said.strip().encode(), self.token.encode())
            if kind.casefold() != "bearer" or not right:
                missing = "send the server's token as `Authorization: Bearer TOKEN`"
                return 401, missing, {"www-authenticate": "Bearer"}
        return None

    async def _body(self, headers: Mapping[str, bytes], receive: Receive) -> bytes | int:
        """The whole body, or the status that says why not; 0 where the client has gone."""
        length = headers.get("content-length", b"0")
        if length.isdigit() and int(length) > self.settings.body:
            return 413
        parts, size = [], 0
        try:
            async with asyncio.timeout(self.settings.slow):
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        return 0
                    parts.append(message.get("body", b""))
                    size += len(parts[-1])
                    if size > self.settings.body:
                        return 413
                    if not message.get("more_body"):
                        return b"".join(parts)
        except TimeoutError:
            return 408


def _client(scope: AsgiMessage) -> str:
    """The address of the client; none where it asks over a socket file."""
    host, _ = scope.get("client") or ("", 0)
    return str(host)


def _once(body: bytes, receive: Receive) -> Receive:
    """Gives the body at the first call, and then what the connection says."""
    given = False

    async def received() -> AsgiMessage:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return received


async def refuse(
    scope: AsgiMessage, send: Send, status: int, error: str, more: Mapping[str, str]
) -> None:
    """Answer with a problem."""
    said = {"error": error, "request_id": scope["state"]["request_id"]}
    content = json.dumps(said).encode()
    headers = {
        "content-type": "application/json",
        "content-length": str(len(content)),
        **more,
    }
    pairs = [(name.encode(), text.encode()) for name, text in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": content})
