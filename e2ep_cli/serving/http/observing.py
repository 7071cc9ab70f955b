"""What a server says of itself: a line per request with its id, and counts for /metrics."""

import re
import sys
import threading
import time
import uuid
from bisect import bisect_left
from collections import Counter
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeAlias

AsgiMessage: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[AsgiMessage]]
Send: TypeAlias = Callable[[AsgiMessage], Awaitable[None]]
Asgi: TypeAlias = Callable[[AsgiMessage, Receive, Send], Awaitable[None]]

REQUEST_ID = "x-request-id"
_ID = re.compile(r"[\w.-]{1,64}", re.ASCII)
_BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
"""Seconds, the upper bounds of the histogram's buckets."""


def server_log(line: str) -> None:
    """Print a line with the time on stderr."""
    print(f"{time.strftime('%Y-%m-%dT%H:%M:%S')} {line}", file=sys.stderr, flush=True)


class RequestCounts:
    """Requests by route and status, and their seconds."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._buckets: Counter[tuple[str, int]] = Counter()
        self._seconds: Counter[str] = Counter()

    def add(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request."""
        with self._lock:
            self._requests[method, route, status] += 1
            self._buckets[route, bisect_left(_BOUNDS, seconds)] += 1
            self._seconds[route] += seconds  # type: ignore[assignment]

    def lines(self) -> list[str]:
        """In Prometheus's text format, version 0.0.4."""
        with self._lock:
            requests, buckets = dict(self._requests), dict(self._buckets)
            seconds = dict(self._seconds)
        said = ["# TYPE e2ep_requests_total counter"]
        said += [
            f'e2ep_requests_total{{method="{method}",route="{route}",status="{status}"}} {number}'
            for (method, route, status), number in sorted(requests.items())
        ]
        said.append("# TYPE e2ep_request_seconds histogram")
        for route in sorted(seconds):
            total = 0
            for place, bound in enumerate((*map(str, _BOUNDS), "+Inf")):
                total += buckets.get((route, place), 0)
                said.append(f'e2ep_request_seconds_bucket{{route="{route}",le="{bound}"}} {total}')
            said.append(f'e2ep_request_seconds_sum{{route="{route}"}} {seconds[route]:.6f}')
            said.append(f'e2ep_request_seconds_count{{route="{route}"}} {total}')
        return said


class Observed:
    """Gives each request an id, and counts and logs it; what was asked for is not in the log."""

    def __init__(self, app: Asgi, counts: RequestCounts) -> None:
        self.app, self.counts = app, counts

    async def __call__(self, scope: AsgiMessage, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        own, start, status = request_id(scope), time.perf_counter(), 0
        scope.setdefault("state", {})["request_id"] = own

        async def sent(message: AsgiMessage) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (REQUEST_ID.encode(), own.encode())]
            await send(message)

        try:
            await self.app(scope, receive, sent)
        finally:
            seconds = time.perf_counter() - start
            route = _route(scope)
            self.counts.add(_method(scope), route, status, seconds)
            server_log(f"id={own} {_method(scope)} {route} status={status} ms={1000 * seconds:.1f}")


def _route(scope: AsgiMessage) -> str:
    """The path as it is described; one that leads nowhere can be anything, so it has no name."""
    path = str(scope["path"])
    if path == "/" or path.startswith(("/page/", "/mcp")):
        return f"/{path.split('/')[1]}"
    return getattr(scope.get("route"), "path", None) or "other"


def _method(scope: AsgiMessage) -> str:
    method = str(scope["method"])
    return method if method in ("GET", "POST", "HEAD", "OPTIONS", "DELETE", "PUT") else "other"


def request_id(scope: AsgiMessage) -> str:
    """The id that the client gave, if it can be one, else a new one."""
    given = dict(scope["headers"]).get(REQUEST_ID.encode(), b"").decode("latin-1")
    return given if _ID.fullmatch(given) else uuid.uuid4().hex[:16]
