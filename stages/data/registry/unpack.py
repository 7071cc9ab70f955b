"""Taking the files of a published set, and no others, out of folders, archives and packed files."""

import shutil
import tempfile
from collections.abc import Collection, Iterable
from pathlib import Path

from stages.core.errors import InputError
from stages.data.manifest import MANIFEST
from stages.data.read import MARKS
from stages.data.registry.archives import Member, copied, is_archive, is_gzip, members, unpacked
from stages.data.registry.entries import RegistryEntry

_PACKED = ".gz"
_ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz")


def copy_members(source: Path, entry: RegistryEntry, target: Path) -> None:
    """Copy the set's files and companions out of `source` into the folder `target`.

    source: a folder, an archive, or one of the set's files, beside which the others lie.
    """
    if source.is_dir():
        _copy_from_folder(source, entry, target)
    elif not source.is_file():
        raise InputError(
            f"{source} is not there; give --from an archive or a folder of {entry.name}"
        )
    elif is_archive(source):
        _copy_from_archive(source, entry, target)
    elif source.name.removesuffix(_PACKED) in entry.files:
        _copy_from_folder(source.parent, entry, target)
    elif len(entry.files) == 1:
        _take(source, target / next(iter(entry.files)))
    else:
        raise InputError(
            f"{source} is not a zip or tar archive, or its end is missing; download it again"
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
    """Each file as it is or packed by gzip, in the shallowest folder that has the first of them."""
    first = next(iter(entry.files))
    nearest = (
        file.parent
        for folders in ("", "*/", "*/*/")
        for file in sorted(source.glob(f"{folders}{first}*"))
        if file.name.removesuffix(_PACKED) == first
    )
    folder = next(nearest, source)
    there = {path.name.removesuffix(_PACKED): path for path in sorted(folder.iterdir())}
    _require_files(source, entry, there)
    for name in entry.members:
        if name in there and there[name].is_file():
            _take(there[name], target / name)


def _take(file: Path, target: Path) -> None:
    if file.name != target.name and is_gzip(file):
        unpacked(file, target)
    else:
        shutil.copyfile(file, target)


def _copy_from_archive(
    source: Path, entry: RegistryEntry, target: Path, shown: Path | None = None
) -> None:
    """Take the files from where the set's own are; of an archive in an archive, from that one.

    shown: the outer archive, for messages.
    """
    with members(source) as files:
        # The shallowest folder that holds a file of the set, so that a deeper copy does not match.
        folders = {file.path.parent for file in files if _plain(file) in entry.files}
        folder = min(folders, key=lambda path: (len(path.parts), str(path)), default=None)
        inner = [file for file in files if file.name.endswith(_ARCHIVES)]
        if folder is None and len(inner) == 1 and shown is None:
            _copy_from_inner(source, inner[0], entry, target)
            return
        there = {_plain(file): file for file in files if file.path.parent == folder}
        _require_files(shown or source, entry, there)
        for file in files:  # in their order, as a packed tar can only be read forwards
            if there.get(_plain(file)) is file and _plain(file) in entry.members:
                _extract(source, file, target)


def _copy_from_inner(source: Path, file: Member, entry: RegistryEntry, target: Path) -> None:
    with tempfile.TemporaryDirectory(prefix=".inner-", dir=target) as folder:
        inner = Path(folder) / file.name
        _extract(source, file, inner.parent)
        if not is_archive(inner):
            raise InputError(f"{source} holds {file.name}, which is damaged; download it again")
        _copy_from_archive(inner, entry, target, shown=source)


def _extract(source: Path, file: Member, folder: Path) -> None:
    if file.is_link:
        raise InputError(
            f"{source} holds {file.name} as a link, not as a file; do not trust this archive"
        )
    with file.opened() as content:
        copied(content, folder / file.name, source)
    if file.name.endswith(_PACKED) and not file.name.endswith(_ARCHIVES):
        unpacked(folder / file.name, folder / _plain(file))
        (folder / file.name).unlink()


def _plain(file: Member) -> str:
    """The name of a file without the mark of its packing."""
    return file.name.removesuffix(_PACKED)


def _require_files(source: Path, entry: RegistryEntry, there: Collection[str]) -> None:
    missing = [name for name in entry.files if name not in there]
    if missing:
        rest = f" and {len(missing) - 1} more of its files" if len(missing) > 1 else ""
        raise InputError(
            f"{source} has no {missing[0]}{rest}; {entry.name} needs {', '.join(entry.files)}"
        )
