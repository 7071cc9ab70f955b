"""One file out of the network: it arrives whole, from where it was asked for, or not at all."""

from collections.abc import Iterator
from http.client import HTTPException, HTTPMessage
from pathlib import Path
from typing import IO
from urllib.error import URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from stages.core.log import progress

_CHUNK = 1 << 18
_ATTEMPTS = 3
_PAGE = (b"<!doctype html", b"<html")
TIMEOUT = 30.0
"""After this many seconds without a byte, a download is abandoned."""


def download(address: str, target: Path, timeout: float, label: str) -> None:
    """Write what `address` serves to `target`.

    A connection that breaks is taken up again where it ended, or from the beginning if the server
    cannot do that. Raises a URLError, HTTPException, OSError or ValueError.
    """
    target.unlink(missing_ok=True)
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            _fetch(address, target, timeout, label)
            break
        except (ConnectionError, HTTPException):
            if attempt == _ATTEMPTS or not target.exists():
                raise
    with target.open("rb") as content:
        if content.read(512).lstrip().lower().startswith(_PAGE):
            raise ValueError("it serves a web page, not the file")


def _fetch(address: str, target: Path, timeout: float, label: str) -> None:
    """Get the file, or the rest of it."""
    there = target.stat().st_size if target.exists() else 0
    request = Request(address, headers={"User-Agent": "e2ep"})
    if there:
        request.add_header("Range", f"bytes={there}-")
    with build_opener(_Guarded).open(request, timeout=timeout) as response:
        there = there if response.status == 206 else 0
        due = there + int(response.headers.get("Content-Length") or 0)
        chunks: Iterator[bytes] = iter(lambda: response.read(_CHUNK), b"")
        total = -(-(due - there) // _CHUNK) or None
        with target.open("ab" if there else "wb") as copy:
            size = there + sum(copy.write(chunk) for chunk in progress(chunks, label, total))
    if size < due:
        raise HTTPException(f"the connection ended after {size:,} of {due:,} bytes")


class _Guarded(HTTPRedirectHandler):
    """Follows a redirect, but never from a protected connection to an open one."""

    def redirect_request(
        self,
        req: Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> Request | None:
        if req.type == "https" and not newurl.startswith("https:"):
            raise URLError("it redirects to an address that is not protected (http)")
        return super().redirect_request(req, fp, code, msg, headers, newurl)
