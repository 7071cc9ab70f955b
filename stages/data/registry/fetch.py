"""From what a person gives as --from, a web address or a path, to an archive or folder on this machine."""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import Request, url2pathname, urlopen

from stages.core.errors import InputError
from stages.core.log import progress
from stages.data.registry.known import Known

CHUNK = 1 << 18
TIMEOUT = 30.0
"""Seconds without a byte after which a server is given up."""


@dataclass(frozen=True)
class Origin:
    """Where a set comes from: its place on this machine, its name for the manifest, the md5 of an archive."""

    path: Path
    label: str
    md5: str | None = None


@contextmanager
def obtained(given: str, known: Known, timeout: float = TIMEOUT) -> Iterator[Origin]:
    """`given` as an Origin; a download lies outside `data/` and is gone at the end."""
    parts = urlsplit(given)
    if parts.scheme in ("http", "https"):
        with tempfile.TemporaryDirectory(prefix="e2ep-") as folder:
            yield _downloaded(given, known, Path(folder) / f"{known.name}.zip", timeout)
    elif "://" in given and parts.scheme != "file":
        raise InputError(
            f"--from {given}: {parts.scheme} is not supported; give a path or an http, https or file address"
        )
    else:
        yield _local(Path(url2pathname(parts.path)) if parts.scheme == "file" else Path(given))


def _local(path: Path) -> Origin:
    if path.is_file():
        return Origin(path, "local archive", _md5(path))
    return Origin(path, "local folder")


def _downloaded(url: str, known: Known, archive: Path, timeout: float) -> Origin:
    try:
        _download(url, archive, timeout, known.name)
    except (URLError, HTTPException, OSError, ValueError) as error:
        why = getattr(error, "reason", None) or error
        advice = f"check the address and the connection, or give a local copy of {known.name} with --from"
        raise InputError(f"cannot download {_public(url)}: {why}; {advice}") from error
    md5 = _md5(archive)
    if known.md5 not in (None, md5):
        advice = "try again, or unpack a copy that you trust and give its folder with --from"
        raise InputError(f"{_public(url)} has md5 {md5}, not the official {known.md5}; {advice}")
    return Origin(archive, _public(url), md5)


def _download(url: str, archive: Path, timeout: float, label: str) -> None:
    request = Request(url, headers={"User-Agent": "e2ep"})
    with urlopen(request, timeout=timeout) as response, archive.open("wb") as copy:
        due = int(response.headers.get("Content-Length") or 0)
        total = -(-due // CHUNK) or None
        size = sum(
            copy.write(chunk)
            for chunk in progress(_chunks(response), f"downloading {label}", total)
        )
    if size < due:
        raise HTTPException(f"the connection ended after {size:,} of {due:,} bytes")


def _chunks(response: HTTPResponse) -> Iterator[bytes]:
    while chunk := response.read(CHUNK):
        yield chunk


def _md5(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


def _public(url: str) -> str:
    """The address without a name, password or query, which may be secret."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
