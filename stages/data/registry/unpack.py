"""Taking the files of a known data set, and no others, out of a folder or a zip archive."""

import shutil
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path, PurePosixPath, PureWindowsPath

from stages.core.errors import InputError
from stages.data.manifest import MANIFEST
from stages.data.read import MARKS
from stages.data.registry.known import Known


def copy_known(source: Path, known: Known, target: Path) -> None:
    """Copy the set's files and companions from `source`, an archive or a folder, into the folder `target`."""
    if source.is_dir():
        _copy_folder(source, known, target)
    elif source.is_file():
        _copy_archive(source, known, target)
    else:
        raise InputError(
            f"{source} is not there; give --from an archive or a folder of {known.name}"
        )


def copy_companions(files: Iterable[Path], known: Known, target: Path) -> None:
    """Copy further files beside the set's own, which none of them may replace."""
    for file in files:
        if not file.is_file():
            raise InputError(
                f"{file} is not a file; give --with a table to lie beside {known.name}"
            )
        if file.name in (MANIFEST, *known.files, *(mark for mark, _ in MARKS)):
            raise InputError(
                f"{file.name} is a name that data sets use themselves; rename the file given to --with"
            )
        shutil.copyfile(file, target / file.name)


def _copy_folder(source: Path, known: Known, target: Path) -> None:
    inner = source / known.name
    folder = inner if inner.is_dir() and not (source / known.files[0]).is_file() else source
    _require(source, known, {path.name for path in folder.iterdir() if path.is_file()})
    for name in (*known.files, *known.companions):
        if (folder / name).is_file():
            shutil.copyfile(folder / name, target / name)


def _copy_archive(source: Path, known: Known, target: Path) -> None:
    if not zipfile.is_zipfile(source):
        raise InputError(f"{source} is no zip archive, or its end is missing; download it again")
    try:
        with zipfile.ZipFile(source) as archive:
            _extract(source, archive, known, target)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        raise InputError(f"{source} cannot be unpacked ({error}); download it again") from error


def _extract(source: Path, archive: zipfile.ZipFile, known: Known, target: Path) -> None:
    names = [entry.filename for entry in archive.infolist() if not entry.is_dir()]
    outside = next((name for name in names if _leads_outside(name)), None)
    if outside is not None:
        raise InputError(
            f"{source} holds {outside!r}, which leads out of its folder; do not trust this archive"
        )
    folder = _folder_of(names, known)
    _require(
        source,
        known,
        {PurePosixPath(name).name for name in names if PurePosixPath(name).parent == folder},
    )
    for name in (*known.files, *known.companions):
        inside = str(folder / name)
        if inside in names:
            with archive.open(inside) as content, (target / name).open("wb") as copy:
                shutil.copyfileobj(content, copy)


def _leads_outside(name: str) -> bool:
    as_posix, as_windows = PurePosixPath(name), PureWindowsPath(name)
    return (
        as_posix.is_absolute()
        or bool(as_windows.anchor)
        or ".." in as_posix.parts
        or ".." in as_windows.parts
    )


def _folder_of(names: list[str], known: Known) -> PurePosixPath:
    """The shallowest folder of the archive in which the set's first file lies."""
    folders = [
        PurePosixPath(name).parent for name in names if PurePosixPath(name).name in known.files
    ]
    return min(
        folders, key=lambda folder: (len(folder.parts), str(folder)), default=PurePosixPath(".")
    )


def _require(source: Path, known: Known, there: set[str]) -> None:
    missing = [name for name in known.files if name not in there]
    if missing:
        rest = f" and {len(missing) - 1} more of its files" if len(missing) > 1 else ""
        raise InputError(
            f"{source} has no {missing[0]}{rest}; {known.name} needs {', '.join(known.files)}"
        )
