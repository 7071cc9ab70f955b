"""A picture from TMDB's server of pictures: small, of a known kind, and from nowhere else."""

import time
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx2

from stages.core.addresses import is_local
from stages.core.errors import E2epError

_TMDB_API, _TMDB_PICTURES = "api.themoviedb.org", "https://image.tmdb.org"
_WIDTH = "w185"
_MOST_BYTES = 500_000
_KINDS = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}


class PictureError(E2epError):
    """What a server gave is no picture that is served on."""


@dataclass(frozen=True)
class Picture:
    """The content and its media type."""

    content: bytes
    kind: str


def picture_of(content: bytes) -> Picture:
    """The picture, its kind by its first bytes; a PictureError if it is none."""
    for start, kind in _KINDS.items():
        if content.startswith(start):
            return Picture(content, kind)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return Picture(content, "image/webp")
    raise PictureError("it is no JPEG, PNG or WebP")


def picture_address(api: str, path: str) -> str:
    """Where a picture is: TMDB's own server, or that of the mirror which is asked."""
    parts = urlsplit(api)
    server = _TMDB_PICTURES if parts.hostname == _TMDB_API else f"{parts.scheme}://{parts.netloc}"
    return f"{server}/t/p/{_WIDTH}{path}"


def fetched_picture(address: str, timeout: float) -> Picture:
    """The picture at an address, within so many seconds; no redirect is followed."""
    end, content = time.monotonic() + timeout, b""
    try:
        with (
            httpx2.Client(trust_env=not is_local(address), timeout=timeout) as client,
            client.stream("GET", address, headers={"user-agent": "e2ep"}) as answer,
        ):
            kind = answer.headers.get("content-type", "")
            if answer.status_code != 200 or not kind.startswith("image/"):
                raise PictureError(f"HTTP {answer.status_code}, {kind[:40] or 'no kind'}")
            for part in answer.iter_bytes():
                content += part
                if len(content) > _MOST_BYTES:
                    raise PictureError(f"it is larger than {_MOST_BYTES // 1000} kB")
                if time.monotonic() > end:
                    raise TimeoutError(f"it took longer than {timeout:.0f} seconds")
    except httpx2.HTTPError as error:
        raise OSError(f"the connection failed ({type(error).__name__})") from None
    return picture_of(content)
