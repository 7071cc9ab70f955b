"""What a file holds once it is unpacked: gzip, bzip2, xz, zstd, and zip with one file in it."""

import bz2
import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import pyarrow as pa

from stages.core.characters import shown_text
from stages.core.errors import InputError
from stages.data.files.limits import refuse_bomb, steady

_CHUNK = 1 << 20
_DEEPEST = 3
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_STREAMS: dict[str, tuple[bytes, Callable[[Any], Any]]] = {
    "gzip": (b"\x1f\x8b", lambda file: gzip.GzipFile(fileobj=file)),
    "bzip2": (b"BZh", bz2.BZ2File),
    "xz": (b"\xfd7zXZ\x00", lzma.LZMAFile),
    "zstd": (b"\x28\xb5\x2f\xfd", lambda file: pa.CompressedInputStream(file, "zstd")),
}
"""How a packed file begins, and what unpacks it."""
_BROKEN = (
    *(OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile),
    *(NotImplementedError, IndexError, ValueError, pa.ArrowInvalid),
)
_DOCUMENTS = (
    ("xl/workbook.", "an Excel workbook; save the sheet as CSV UTF-8 and give that file"),
    ("word/document.xml", "a Word document; give the table in it as CSV"),
    ("content.xml", "an OpenDocument file; save the sheet as CSV and give that file"),
    (".npy", "NumPy's archive of arrays; save them as CSV, a line per rating"),
    ("data.pkl", "a model or an array saved by PyTorch; save the table in it as CSV"),
)
"""Zip archives of programs, by a name in them."""


@dataclass(frozen=True)
class Content:
    """The bytes inside a file, and what they were packed in, the outermost first."""

    data: bytes | bytearray
    packing: tuple[str, ...] = ()


def content_of(path: Path) -> Content:
    """What `path` holds, unpacked as often as needed; it may be ARCHIVE.zip/FILE.

    A folder, a pipe, half an archive and a bomb are InputErrors.
    """
    file, member = _file_and_member(path)
    with steady(file) as size, file.open("rb") as opened:
        source: IO[bytes] = opened
        packing: tuple[str, ...] = ()
        while (name := _packed_by(source)) is not None:
            if len(packing) == _DEEPEST:
                raise InputError(f"{path} is packed more than {_DEEPEST} times; unpack it yourself")
            data = _unpacked(path, source, name, member, size)
            source, packing, member = io.BytesIO(data), (*packing, name), ""
        if member:
            raise InputError(f"{file} is not a zip archive, so there is no {path}; check the path")
        return Content(source.read(), packing)


def _file_and_member(path: Path) -> tuple[Path, str]:
    if shown_text(str(path)).splitlines() != [str(path)]:
        raise InputError(
            f"{str(path)!r} has a character in its name that cannot be shown; rename the file"
        )
    if path.is_file():
        return path, ""
    archive = next((parent for parent in path.parents if parent.is_file()), None)
    if archive is not None:
        return archive, path.relative_to(archive).as_posix()
    if path.is_dir():
        raise InputError(f"{path} is a folder; give a file in it")
    if path.exists():
        raise InputError(f"{path} is not a file but a pipe or device; save what it gives to a file")
    raise InputError(f"{path} is not there; check the path")


def _packed_by(source: IO[bytes]) -> str | None:
    start = source.read(8)
    source.seek(0)
    if start.startswith(_ZIP):
        return "zip"
    return next((name for name, (mark, _) in _STREAMS.items() if start.startswith(mark)), None)


def _unpacked(path: Path, source: IO[bytes], name: str, member: str, size: int) -> bytearray:
    """All that comes out of one layer; `size` is that of the whole file."""
    try:
        if name == "zip":
            with zipfile.ZipFile(source) as archive:
                info = _data_file(path, archive, member)
                refuse_bomb(path, info.file_size, min(info.compress_size, size))
                with archive.open(info) as stream:
                    return _drained(path, stream, lambda: size)
        with _STREAMS[name][1](source) as stream:
            return _drained(path, stream, lambda: min(source.tell(), size))
    except _BROKEN as error:
        raise InputError(
            f"{path} is a broken or incomplete {name} file ({error}); download or copy it again"
        ) from error


def _drained(path: Path, stream: Any, consumed: Callable[[], int]) -> bytearray:
    data = bytearray()
    while chunk := stream.read(_CHUNK):
        data += chunk
        refuse_bomb(path, len(data), consumed())
    return data


def _data_file(path: Path, archive: zipfile.ZipFile, member: str) -> zipfile.ZipInfo:
    """The one file in an archive, or that which the person named."""
    names = [info.filename for info in archive.infolist() if not info.is_dir()]
    for mark, what in _DOCUMENTS:
        if any(mark in name for name in names) and not member:
            raise InputError(f"{path} is {what}")
    there = [name for name in names if not _is_leftover(name)]
    chosen = [name for name in there if name == member] if member else there
    if len(chosen) != 1:
        listed = ", ".join(there[:6]) + (", …" if len(there) > 6 else "")
        how = f"{path}/{there[0]}" if there and not member else "one of them"
        raise InputError(
            f"{path} is {'not in the archive' if member else 'a zip archive'} of {len(there)} "
            f"files ({listed}); name the one to read, as in {how}"
            if there
            else f"{path} is an empty zip archive; download or copy it again"
        )
    info = archive.getinfo(chosen[0])
    if info.flag_bits & 1:
        raise InputError(f"{path} is locked with a password; unpack it and give the file inside")
    return info


def _is_leftover(name: str) -> bool:
    """Whether an operating system put this beside the files of a person."""
    return any(part.startswith((".", "__MACOSX")) and part.strip(".") for part in name.split("/"))
