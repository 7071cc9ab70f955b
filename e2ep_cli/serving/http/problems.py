"""Every error as one sentence that names no file and no code, and the status that it has."""

from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from e2ep_cli.serving.answers.run_shapes import Problem
from e2ep_cli.serving.held.loaded import RemadeError
from e2ep_cli.serving.http.observing import server_log
from stages.core.errors import E2epError, InputError

_WORDS = {
    404: "there is nothing at this path",
    405: "this path has other methods",
    400: "the body is not JSON",
}
_MOST_SAID = 3
_INSIDE = "something is wrong on the server's side; its log has the reason under this id"


def problem_of(error: E2epError) -> tuple[int, str]:
    """The status of an error, and what is said of it; paths stay in the log."""
    if isinstance(error, RemadeError):
        return 503, str(error)
    if isinstance(error, InputError):
        return 404, str(error)
    server_log(f"{type(error).__name__}: {error}")
    return 503, "this part of the run cannot be read; the server's log says why"


def said_of(errors: Sequence[Any]) -> str:
    """What is wrong with a request, without repeating what it holds."""
    said = []
    for error in errors[:_MOST_SAID]:
        if error["type"] == "json_invalid":
            return _WORDS[400]
        at = [str(part) for part in error["loc"] if part not in ("body", "query")]
        # A key that nobody knows is the client's own word.
        known = " → ".join(part[:50] for part in at) or "the request"
        said.append(f"{known}: {str(error['msg'])[:200].lower()}")
    return "; ".join(said)


def answer_problems(app: FastAPI) -> None:
    """Let the app answer each error with a `Problem`."""
    app.add_exception_handler(E2epError, _ours)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _of_http)
    app.add_exception_handler(Exception, _unforeseen)


def _answer(
    request: Request, status: int, said: str, headers: dict[str, str] | None = None
) -> JSONResponse:
    known = request.scope.get("state", {}).get("request_id", "")
    body = Problem(error=said, request_id=known).model_dump()
    return JSONResponse(body, status, headers)


def _ours(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, E2epError)
    status, said = problem_of(error)
    return _answer(request, status, said, {"retry-after": "3"} if status == 503 else None)


def _malformed(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    return _answer(request, 422, said_of(error.errors()))


def _of_http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    headers = dict(error.headers) if error.headers else None
    said = _WORDS.get(error.status_code, "the request cannot be answered")
    return _answer(request, error.status_code, said, headers)


def _unforeseen(request: Request, error: Exception) -> JSONResponse:
    server_log(f"id={request.scope.get('state', {}).get('request_id', '')} failed: {error!r}")
    return _answer(request, 500, _INSIDE)
