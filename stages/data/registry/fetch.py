"""The archive or folder from which a set is added: at one of its addresses, or a person's own.

`pooch` does not replace this: it takes neither mirrors nor local files, its errors show passwords
and queries, and its unpacking matches names by prefix, ignores a missing file and writes a file
that leads outside the archive under another name instead of refusing it.
"""

import hashlib
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import Request, url2pathname, urlopen

from stages.core.errors import InputError
from stages.core.log import progress
from stages.data.registry.entries import RegistryEntry

_CHUNK = 1 << 18
TIMEOUT = 30.0
"""After this many seconds without a byte, a download is abandoned."""


@dataclass(frozen=True)
class Origin:
    """Where a set comes from.

    path: on this machine. label: for the manifest. md5: of an archive, None for a folder.
    """

    path: Path
    label: str
    md5: str | None = None


@contextmanager
def obtained(given: str | None, entry: RegistryEntry, timeout: float = TIMEOUT) -> Iterator[Origin]:
    """`given`, else the first address that serves the set; a download is deleted at the end."""
    if given is None and not entry.addresses:
        raise InputError(
            f"{entry.name} cannot be downloaded from here; get {entry.source}, and give it with "
            "--from PATH"
        )
    parts = urlsplit(given or "")
    if given is None or parts.scheme in ("http", "https"):
        addresses = entry.addresses if given is None else (given,)
        with tempfile.TemporaryDirectory(prefix="e2ep-") as folder:
            yield _downloaded(addresses, entry, Path(folder) / f"{entry.name}.zip", timeout)
        return
    if "://" in given and parts.scheme != "file":
        raise InputError(
            f"--from {given}: {parts.scheme} is not supported; "
            "give a path or an http, https or file address"
        )
    path = Path(url2pathname(parts.path)) if parts.scheme == "file" else Path(given)
    archive = path.is_file()
    yield Origin(
        path, "local archive" if archive else "local folder", _md5(path) if archive else None
    )


def _downloaded(
    addresses: Sequence[str], entry: RegistryEntry, archive: Path, timeout: float
) -> Origin:
    """The archive from the first address that serves it; its md5 must be the official one."""
    faults = []
    for address in addresses:
        public = _public(address)
        try:
            _download(address, archive, timeout, entry.name)
        except (URLError, HTTPException, OSError, ValueError) as error:
            faults.append(f"cannot download {public}: {getattr(error, 'reason', None) or error}")
            advice = f"check the address and the connection, or give a local copy of {entry.name}"
            continue
        md5 = _md5(archive)
        if entry.md5 in (None, md5):
            return Origin(archive, public, md5)
        faults.append(f"{public} has md5 {md5}, not the official {entry.md5}")
        advice = "try again, or unpack a copy that you trust and give its folder"
    raise InputError(f"{'; '.join(faults)}; {advice} with --from")


def _download(address: str, archive: Path, timeout: float, label: str) -> None:
    request = Request(address, headers={"User-Agent": "e2ep"})
    with urlopen(request, timeout=timeout) as response, archive.open("wb") as copy:
        due = int(response.headers.get("Content-Length") or 0)
        chunks = iter(lambda: response.read(_CHUNK), b"")
        total = -(-due // _CHUNK) or None
        bar = progress(chunks, f"downloading {label}", total)
        size = sum(copy.write(chunk) for chunk in bar)
    if size < due:
        raise HTTPException(f"the connection ended after {size:,} of {due:,} bytes")


def _md5(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


def _public(address: str) -> str:
    """The address without user name, password and query, which may be secret."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
