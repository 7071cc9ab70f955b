"""Where a set is added from: its publisher's addresses and their mirrors, or a person's own files.

`pooch` does not replace this: it takes neither mirrors nor local files, its errors show passwords
and queries, and its unpacking matches names by prefix, ignores a missing file and writes a file
that leads outside the archive under another name instead of refusing it.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import url2pathname

from stages.core.addresses import shown_address
from stages.core.errors import InputError
from stages.data.registry.checksums import Checksums, sums_of
from stages.data.registry.download import TIMEOUT, download
from stages.data.registry.entries import Download, RegistryEntry
from stages.data.registry.room import is_out_of_room


@dataclass(frozen=True)
class Origin:
    """Where a set comes from.

    path: on this machine. label: for the manifest. archives: the checksums of what was downloaded
    or given packed, by its name at the publisher's.
    """

    path: Path
    label: str
    archives: dict[str, Checksums] = field(default_factory=dict)


def require_origin(given: str | None, entry: RegistryEntry) -> None:
    """Refuse a set that has no address unless a person gives their own files."""
    if given is None and not entry.has_address:
        raise InputError(
            f"{entry.name} cannot be downloaded by a program; {entry.source} ({entry.page}), then "
            f"run `{entry.command}` with the path of what you have"
        )


@contextmanager
def obtained(given: str | None, entry: RegistryEntry, timeout: float = TIMEOUT) -> Iterator[Origin]:
    """`given`, else what the first addresses serve; downloads are deleted at the end."""
    parts = urlsplit(given or "")
    if given is None or parts.scheme in ("http", "https"):
        with tempfile.TemporaryDirectory(prefix="e2ep-") as folder:
            yield _downloaded(_wanted(given, entry), entry, Path(folder), timeout)
        return
    if "://" in given and parts.scheme != "file":
        raise InputError(
            f"--from {given}: {parts.scheme} is not supported; "
            "give a path or an http, https or file address"
        )
    path = Path(url2pathname(parts.path)) if parts.scheme == "file" else Path(given).expanduser()
    if path.is_file() and len(entry.downloads) == 1:
        yield Origin(path, "local archive", {entry.downloads[0].file: sums_of(path)})
    else:
        yield Origin(path, "local files" if path.is_file() else "local folder")


def _wanted(given: str | None, entry: RegistryEntry) -> tuple[Download, ...]:
    """What to download: all that the publisher offers, or the one archive at a given address."""
    if given is not None:
        alone = entry.downloads[0] if len(entry.downloads) == 1 else Download(file=entry.name)
        return (alone.model_copy(update={"addresses": (given,)}),)
    return entry.downloads


def _downloaded(
    wanted: tuple[Download, ...], entry: RegistryEntry, folder: Path, timeout: float
) -> Origin:
    labels, archives = [], {}
    for each in wanted:
        address, archives[each.file] = _first(each, entry.name, folder / each.file, timeout)
        labels.append(address)
    alone = folder / wanted[0].file
    return Origin(alone if len(wanted) == 1 else folder, ", ".join(labels), archives)


def _first(wanted: Download, name: str, target: Path, timeout: float) -> tuple[str, Checksums]:
    """The first address that serves the file whose checksums are the official ones."""
    faults = []
    for address in wanted.addresses:
        public = shown_address(address)
        try:
            download(address, target, timeout, f"downloading {name}")
        except (URLError, HTTPException, OSError, ValueError) as error:
            if is_out_of_room(error):
                raise
            faults.append(f"cannot download {public}: {getattr(error, 'reason', None) or error}")
            advice = f"check the address and the connection, or give a local copy of {name}"
            continue
        sums = sums_of(target)
        differing = sums.differing(wanted.md5, wanted.sha256)
        if differing is None:
            return public, sums
        faults.append(f"{public} has {differing}")
        advice = "try again, or unpack a copy that you trust and give its folder"
    raise InputError(f"{'; '.join(faults)}; {advice} with --from")
