"""The files inside an archive: zip, tar (plain, gzip, bzip2 or xz), or one file packed by gzip."""

import errno
import gzip
import lzma
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import IO

from stages.core.errors import InputError

_CHUNK = 1 << 20
_GROWTH, _LEAST = 200, 64 << 20
"""Texts pack to a twentieth; what grows more than this, and is larger than that, is a bomb."""
_GZIP = b"\x1f\x8b"
_BROKEN = (
    *(zipfile.BadZipFile, tarfile.TarError, gzip.BadGzipFile, lzma.LZMAError, zlib.error),
    *(EOFError, RuntimeError, NotImplementedError),
    *(IndexError, ValueError),  # of zipfile, where a name or a place in the file is damaged
)


@dataclass(frozen=True)
class Member:
    """A file of an archive: its path there, its size as declared, and how to read it."""

    path: PurePosixPath
    size: int
    opened: Callable[[], IO[bytes]]
    is_link: bool = False

    @property
    def name(self) -> str:
        """The last part of its path."""
        return self.path.name


def is_archive(path: Path) -> bool:
    """Whether a file holds others, by its content."""
    return zipfile.is_zipfile(path) or _is_tar(path)


def is_gzip(path: Path) -> bool:
    """Whether a file is packed by gzip, by its content."""
    with path.open("rb") as content:
        return content.read(len(_GZIP)) == _GZIP


@contextmanager
def members(path: Path) -> Iterator[list[Member]]:
    """The files of an archive, in its order.

    An InputError if one leads outside, if they are too large, or if the archive is damaged.
    """
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as packed:
                yield _checked(path, _of_zip(packed))
        else:
            with tarfile.open(path) as archive:
                yield _checked(path, _of_tar(archive))
    except (*_BROKEN, OSError) as error:
        if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):
            raise  # of the disk; a damaged archive leads before its beginning
        raise InputError(f"{path} cannot be unpacked ({error}); download it again") from error


def unpacked(source: Path, target: Path) -> None:
    """Write what a file packed by gzip holds to `target`."""
    try:
        with gzip.open(source) as content:
            copied(content, target, source)
    except _BROKEN as error:
        raise InputError(f"{source} cannot be unpacked ({error}); download it again") from error


def copied(content: IO[bytes] | gzip.GzipFile, target: Path, archive: Path) -> None:
    """Write a file of `archive` to `target`, but not one that no honest archive would hold."""
    room = _room(archive)
    with target.open("wb") as copy:
        for chunk in iter(lambda: content.read(_CHUNK), b""):
            room -= copy.write(chunk)
            if room < 0:
                raise _bomb(archive)


def _of_zip(archive: zipfile.ZipFile) -> Iterator[Member]:
    for info in archive.infolist():
        if not info.is_dir():
            is_link = stat.S_ISLNK(info.external_attr >> 16)
            path = PurePosixPath(info.filename)
            yield Member(path, info.file_size, _opening(archive.open, info), is_link)


def _of_tar(archive: tarfile.TarFile) -> Iterator[Member]:
    for info in archive:
        if not info.isdir():
            path = PurePosixPath(info.name)
            yield Member(path, info.size, _opening(archive.extractfile, info), not info.isreg())


def _opening(open_one: Callable[..., IO[bytes] | None], info: object) -> Callable[[], IO[bytes]]:
    def opened() -> IO[bytes]:
        content = open_one(info)
        assert content is not None  # a link or device, which nobody opens
        return content

    return opened


def _checked(archive: Path, files: Iterator[Member]) -> list[Member]:
    """The files, refused at the first that must not be there: reading on could take forever."""
    there, room = [], _room(archive)
    for member in files:
        if _leads_outside(str(member.path)):
            raise InputError(
                f"{archive} holds {str(member.path)!r}, which leads out of its folder; "
                "do not trust this archive"
            )
        room -= member.size
        if room < 0:
            raise _bomb(archive)
        there.append(member)
    return there


def _room(archive: Path) -> int:
    return max(_LEAST, _GROWTH * archive.stat().st_size)


def _bomb(archive: Path) -> InputError:
    return InputError(
        f"{archive} would unpack to more than {_room(archive) / 1e6:,.0f} MB, {_GROWTH} times its "
        "size or more; do not trust this archive, or unpack it yourself and give its folder"
    )


def _is_tar(path: Path) -> bool:
    try:
        return tarfile.is_tarfile(path)
    except (*_BROKEN, OSError):
        return False


def _leads_outside(name: str) -> bool:
    as_posix, as_windows = PurePosixPath(name), PureWindowsPath(name)
    return (
        as_posix.is_absolute()
        or bool(as_windows.anchor)
        or ".." in as_posix.parts
        or ".." in as_windows.parts
    )
