"""Taking the files of a published data set, and no others, out of a folder or a zip archive."""

import shutil
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path, PurePosixPath, PureWindowsPath

from stages.core.errors import InputError
from stages.data.manifest import MANIFEST
from stages.data.read import MARKS
from stages.data.registry.entries import RegistryEntry


def copy_members(source: Path, entry: RegistryEntry, target: Path) -> None:
    """Copy the set's files and companions from an archive or a folder into the folder `target`."""
    if source.is_dir():
        _copy_from_folder(source, entry, target)
    elif source.is_file() and len(entry.files) == 1 and not zipfile.is_zipfile(source):
        shutil.copyfile(source, target / next(iter(entry.files)))
    elif source.is_file():
        _copy_from_archive(source, entry, target)
    else:
        raise InputError(
            f"{source} is not there; give --from an archive or a folder of {entry.name}"
        )


def copy_companions(files: Iterable[Path], entry: RegistryEntry, target: Path) -> None:
    """Copy further files next to the set's own, which they may not replace."""
    for file in files:
        if not file.is_file():
            raise InputError(
                f"{file} is not a file; give --with a table to lie beside {entry.name}"
            )
        if file.name in (MANIFEST, *entry.files, *(mark for mark, _ in MARKS)):
            raise InputError(
                f"{file.name} is a name that data sets use themselves; "
                "rename the file given to --with"
            )
        shutil.copyfile(file, target / file.name)


def _copy_from_folder(source: Path, entry: RegistryEntry, target: Path) -> None:
    inner = source / entry.name
    first = next(iter(entry.files))
    folder = inner if inner.is_dir() and not (source / first).is_file() else source
    there = {path.name for path in folder.iterdir() if path.is_file()}
    _require_files(source, entry, there)
    for name in there.intersection(entry.members):
        shutil.copyfile(folder / name, target / name)


def _copy_from_archive(source: Path, entry: RegistryEntry, target: Path) -> None:
    if not zipfile.is_zipfile(source):
        raise InputError(f"{source} is not a zip archive, or its end is missing; download it again")
    try:
        with zipfile.ZipFile(source) as archive:
            _extract(source, archive, entry, target)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        raise InputError(f"{source} cannot be unpacked ({error}); download it again") from error


def _extract(source: Path, archive: zipfile.ZipFile, entry: RegistryEntry, target: Path) -> None:
    """Refuse an archive that leads outside; take the members from where the set's files are."""
    names = [member.filename for member in archive.infolist() if not member.is_dir()]
    outside = next((name for name in names if _leads_outside(name)), None)
    if outside is not None:
        raise InputError(
            f"{source} holds {outside!r}, which leads out of its folder; do not trust this archive"
        )
    # The shallowest folder that holds a file of the set, so that a deeper copy does not match.
    folders = {path.parent for path in map(PurePosixPath, names) if path.name in entry.files}
    folder = min(folders, key=lambda path: (len(path.parts), str(path)), default=PurePosixPath("."))
    there = {path.name for path in map(PurePosixPath, names) if path.parent == folder}
    _require_files(source, entry, there)
    for name in there.intersection(entry.members):
        with archive.open(str(folder / name)) as content, (target / name).open("wb") as copy:
            shutil.copyfileobj(content, copy)


def _leads_outside(name: str) -> bool:
    as_posix, as_windows = PurePosixPath(name), PureWindowsPath(name)
    return (
        as_posix.is_absolute()
        or bool(as_windows.anchor)
        or ".." in as_posix.parts
        or ".." in as_windows.parts
    )


def _require_files(source: Path, entry: RegistryEntry, there: set[str]) -> None:
    missing = [name for name in entry.files if name not in there]
    if missing:
        rest = f" and {len(missing) - 1} more of its files" if len(missing) > 1 else ""
        raise InputError(
            f"{source} has no {missing[0]}{rest}; {entry.name} needs {', '.join(entry.files)}"
        )
