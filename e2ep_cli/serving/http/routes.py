"""The HTTP interface: what can be asked at which path."""

import os
import resource
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import PlainTextResponse, Response
from pydantic import BaseModel, StringConstraints
from starlette.concurrency import run_in_threadpool

from e2ep_cli.serving.answers.about import items_like, users_like
from e2ep_cli.serving.answers.lists import (
    list_for_newcomer,
    list_for_user,
    without_each,
)
from e2ep_cli.serving.answers.reasons import explained_for_newcomer, explained_for_user
from e2ep_cli.serving.answers.run_shapes import AboutAnswer, HealthAnswer, Problem
from e2ep_cli.serving.answers.shapes import (
    MOST_LISTED,
    ExplainedAnswer,
    ExplanationAsked,
    Genres,
    ItemsAnswer,
    ListAnswer,
    NewcomerAsked,
    UsersAnswer,
    WithoutAnswer,
    YearSpan,
)
from e2ep_cli.serving.held.reload import ServedRun
from e2ep_cli.serving.posters.shelf import Posters
from stages.core.errors import InputError
from stages.report.words import TMDB

_Id = Annotated[
    str, Query(max_length=200, description="Id of a user, as the data set has it.", examples=["42"])
]
_Name = Query(max_length=100)
_Split = Annotated[str | None, _Name]
_Model = Annotated[str | None, _Name]
_Strategy = Annotated[
    str | None, Query(max_length=100, description="none is the model's own order.")
]
_PROBLEMS: dict[int | str, dict[str, Any]] = {
    400: {"model": Problem, "description": "The body is not JSON."},
    401: {"model": Problem, "description": "The token is missing or wrong."},
    404: {"model": Problem, "description": "No such item, user, genre or ranking."},
    405: {"model": Problem, "description": "The path has other methods."},
    408: {"model": Problem, "description": "The request took too long to arrive."},
    413: {"model": Problem, "description": "The request is too large."},
    421: {"model": Problem, "description": "RequestBody under another name than this machine's."},
    422: {"model": Problem, "description": "The request has another form."},
    429: {"model": Problem, "description": "Too many requests."},
    503: {"model": Problem, "description": "The run is being made again."},
}


_PICTURES: dict[int | str, dict[str, Any]] = {
    200: {"content": {kind: {} for kind in ("image/jpeg", "image/png", "image/webp")}},
    204: {"description": "No poster, or none now."},
}


def _json(answer: BaseModel) -> Response:
    """An answer as it is: FastAPI would check it once more, which takes as long as making it."""
    return Response(answer.model_dump_json(), media_type="application/json")


def served_by(request: Request) -> ServedRun:
    """What the app serves."""
    served: ServedRun = request.app.state.served
    return served


async def recommend_user(
    request: Request,
    user: _Id,
    k: Annotated[int, Query(ge=1, le=MOST_LISTED)] = 10,
    genre: Annotated[Genres | None, Query()] = None,
    years: Annotated[YearSpan, Query()] = None,
    split: _Split = None,
    model: _Model = None,
    strategy: _Strategy = None,
) -> Response:
    """The best unseen items for a user of the data set."""
    loaded = served_by(request).current
    choice = loaded.choose(split, model, strategy)
    common = (loaded.params.get("train") or {}).get("common") or {}
    if genre or years or k > common.get("candidates", MOST_LISTED):
        # It may need the whole ranking, and so take long.
        return _json(
            await run_in_threadpool(list_for_user, loaded, choice, user, k, genre or (), years)
        )
    return _json(list_for_user(loaded, choice, user, k, (), None))


async def recommend_newcomer(request: Request, asked: NewcomerAsked) -> Response:
    """The best items for somebody who names what they like; nothing is trained or kept."""
    return _json(list_for_newcomer(served_by(request).current, asked))


async def explain_user(
    request: Request,
    user: _Id,
    k: Annotated[int | None, Query(ge=1, le=MOST_LISTED)] = None,
    split: _Split = None,
    model: _Model = None,
    strategy: _Strategy = None,
) -> Response:
    """A user's list with the reasons that the run has made; default: all that are explained."""
    loaded = served_by(request).current
    choice = loaded.choose(split, model, strategy, "explain")
    return _json(explained_for_user(loaded, choice, user, k))


async def explain_newcomer(request: Request, asked: ExplanationAsked) -> Response:
    """A newcomer's list with reasons by rules, no language model asked."""
    return _json(await explained_for_newcomer(served_by(request).current, asked))


def without_items(request: Request, asked: ExplanationAsked) -> Response:
    """What would change if one liked item were taken out, for each."""
    return _json(without_each(served_by(request).current, asked))


async def find_items(
    request: Request,
    q: Annotated[str, Query(max_length=300, examples=["alien"])] = "",
    item_id: Annotated[
        list[Annotated[str, StringConstraints(max_length=200)]] | None,
        Query(max_length=100, description="Items of these ids, whatever q says."),
    ] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 10,
) -> Response:
    """Items by the first letters of title, people or year; without any, the best known."""
    loaded = served_by(request).current
    if not q or item_id:
        return _json(items_like(loaded, q, limit, item_id or ()))
    # A word that nothing has is compared with every title.
    return _json(await run_in_threadpool(items_like, loaded, q, limit))


async def find_users(
    request: Request,
    q: Annotated[str, Query(max_length=200, examples=["4"])] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 10,
    offset: Annotated[int, Query(ge=0, le=10**9)] = 0,
) -> Response:
    """Users of the data set whose id begins so."""
    return _json(users_like(served_by(request).current, q, limit, offset))


async def poster(
    request: Request, item_id: Annotated[str, Path(max_length=200, examples=["1"])]
) -> Response:
    """An item's poster; nothing (204) where there is none, or it cannot be had now."""
    posters: Posters | None = request.app.state.posters
    if posters is None:
        raise InputError("there are no posters: the server was started without a key of TMDB")
    loaded = served_by(request).current
    if item_id not in loaded.row_of:
        raise InputError(f"no item has the id {item_id[:50]!r}")
    picture = await posters.picture(loaded.poster_wanted(loaded.row_of[item_id]))
    if picture is None:
        return Response(status_code=204)
    headers = {"cache-control": "private, max-age=86400"}
    return Response(picture.content, media_type=picture.kind, headers=headers)


async def about(request: Request) -> Response:
    """The run that is served, its rankings, and how they were made."""
    said = served_by(request).about
    if request.app.state.posters:
        said = said.model_copy(update={"posters": True, "facts": said.facts | {"Posters": TMDB}})
    return _json(said)


async def health(request: Request) -> Response:
    """Whether lists can be had."""
    served = served_by(request)
    loaded = served.current
    answer = HealthAnswer(
        status="ok",
        dataset=loaded.first.dataset,
        run=loaded.run.name,
        made=loaded.made_at,
        loaded=served.loaded_at.isoformat(timespec="seconds"),
        reloads=served.reloads,
    )
    return _json(answer)


async def prometheus(request: Request) -> PlainTextResponse:
    """Counts of this worker, for Prometheus."""
    served = served_by(request)
    lines = [
        *request.app.state.counts.lines(),
        "# TYPE e2ep_reloads_total counter",
        f"e2ep_reloads_total {served.reloads}",
        "# TYPE e2ep_resident_bytes gauge",
        f"e2ep_resident_bytes {resident_bytes()}",
        "# TYPE e2ep_worker gauge",
        f'e2ep_worker{{pid="{os.getpid()}"}} 1',
    ]
    return PlainTextResponse("\n".join(lines) + "\n")


def resident_bytes() -> int:
    """The memory of this process now; where the system does not say, the most it has had."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * resource.getpagesize()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def api() -> APIRouter:
    """All paths that answer in JSON, and /metrics."""
    router = APIRouter(responses=_PROBLEMS)
    routes: Sequence[tuple[str, str, Any, Any, str]] = (
        ("GET", "/recommend", recommend_user, ListAnswer, "Lists"),
        ("POST", "/recommend", recommend_newcomer, ListAnswer, "Lists"),
        ("GET", "/explain", explain_user, ExplainedAnswer, "Reasons"),
        ("POST", "/explain", explain_newcomer, ExplainedAnswer, "Reasons"),
        ("POST", "/without", without_items, WithoutAnswer, "Reasons"),
        ("GET", "/items", find_items, ItemsAnswer, "What there is"),
        ("GET", "/users", find_users, UsersAnswer, "What there is"),
        ("GET", "/about", about, AboutAnswer, "What there is"),
        ("GET", "/health", health, HealthAnswer, "The server"),
    )
    for method, path, endpoint, answer, tag in routes:
        router.add_api_route(path, endpoint, methods=[method], response_model=answer, tags=[tag])
    router.add_api_route(
        "/posters/{item_id}",
        poster,
        response_class=Response,
        responses=_PICTURES,
        tags=["What there is"],
    )
    router.add_api_route(
        "/metrics", prometheus, response_class=PlainTextResponse, tags=["The server"]
    )
    return router
