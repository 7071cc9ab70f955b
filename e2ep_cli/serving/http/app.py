"""The application: limits outside, then the page, the interface and the tools."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.routing import Mount, Route

from e2ep_cli.serving.answers.about import e2ep_version
from e2ep_cli.serving.held.load import load_run
from e2ep_cli.serving.held.reload import ServedRun
from e2ep_cli.serving.http.limits import WithinLimits
from e2ep_cli.serving.http.observing import (
    Asgi,
    AsgiMessage,
    Observed,
    Receive,
    RequestCounts,
    Send,
)
from e2ep_cli.serving.http.problems import answer_problems
from e2ep_cli.serving.http.routes import api
from e2ep_cli.serving.posters.shelf import Posters, posters_of
from e2ep_cli.serving.settings import ServeSettings, serve_settings, serve_token
from e2ep_cli.serving.tools import tools
from stages.core.params import check_section
from stages.enrich.params import EnrichParams

_PAGE = Path(__file__).parents[1] / "page"
_KINDS = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
_THREADS = 8
"""Requests that are computed at a time; more would only wait for the same processor."""


def app_from_environment() -> Asgi:
    """The application of a worker."""
    settings = serve_settings()
    return served_app(settings, serve_token(settings))


def served_app(settings: ServeSettings, token: str | None) -> Asgi:
    """The whole application; it reads the run now, and looks for newer ones while it lives."""
    run = settings.run
    served = ServedRun(lambda: load_run(run, settings.split), settings.every)
    counts = RequestCounts()
    asked = check_section("enrich", served.current.params.get("enrich") or {}, EnrichParams)
    app = application(served, counts, posters_of(asked.tmdb))
    return Observed(WithinLimits(app, settings, token), counts)


def application(served: ServedRun, counts: RequestCounts, posters: Posters | None) -> FastAPI:
    """What is behind the limits."""
    assistant = tools(served)
    # Whose host a request names is checked before, for all paths.
    security = _trusting()
    for_tools = assistant.streamable_http_app(
        streamable_http_path="/",
        json_response=True,
        stateless_http=True,
        transport_security=security,
    )

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        from anyio.to_thread import current_default_thread_limiter

        current_default_thread_limiter().total_tokens = _THREADS
        served.start()
        async with assistant.session_manager.run():
            yield
        served.stop()
        if posters:
            posters.close()

    app = FastAPI(
        title="e2ep",
        version=e2ep_version(),
        description=(
            "Lists and reasons of a trained run. Every error is one sentence with the request's "
            "id. The same as tools of an assistant: MCP at /mcp."
        ),
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.served, app.state.counts, app.state.posters = served, counts, posters
    answer_problems(app)
    app.include_router(api())
    for path in sorted(_PAGE.iterdir()):
        if path.suffix in _KINDS:
            where = "/" if path.name == "index.html" else f"/page/{path.name}"
            app.router.routes.append(Route(where, partial(_file, path.read_bytes(), path.suffix)))
    app.router.routes.append(Mount("/mcp", app=_posted(for_tools)))
    return app


async def _file(content: bytes, suffix: str, _request: Any) -> Response:
    kind = f"{_KINDS[suffix]}; charset=utf-8"
    return Response(content, headers={"content-type": kind, "cache-control": "no-cache"})


def _posted(app: Asgi) -> Asgi:
    """Tools answer what is posted; a GET would hold a stream open on which nothing is ever said."""

    async def answered(scope: AsgiMessage, receive: Receive, send: Send) -> None:
        if scope["method"] != "POST":
            raise HTTPException(405, headers={"allow": "POST"})
        await app(scope, receive, send)

    return answered


def _trusting() -> Any:
    from mcp.server.transport_security import TransportSecuritySettings

    return TransportSecuritySettings(enable_dns_rebinding_protection=False)
