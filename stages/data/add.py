"""Adding a published data set: fetched, checked file by file, counted, and moved into place whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from stages.core.errors import InputError
from stages.data.manifest import (
    FileFacts,
    Manifest,
    Verified,
    counted,
    file_facts,
    read_manifest,
    write_manifest,
)
from stages.data.read import read_dataset
from stages.data.registry.fetch import Origin, obtained
from stages.data.registry.known import OFFICIAL, Known, find_known
from stages.data.registry.unpack import copy_companions, copy_known
from stages.data.staging import settle, staging

ROOT = Path("data")
TIMELESS = "too many ratings have no time for the split `temporal`; the other splits serve"


@dataclass(frozen=True)
class Wanted:
    """What a person asks for; without `origin` it is the publisher's archive."""

    name: str
    origin: str | None = None
    companions: Sequence[Path] = ()
    replace: bool = False


@dataclass(frozen=True)
class Added:
    """A data set in its place; `already` where nothing had to be done, `notes` on what could not be proved."""

    folder: Path
    manifest: Manifest
    notes: tuple[str, ...] = ()
    already: bool = False


def add(wanted: Wanted, root: Path = ROOT, catalogue: dict[str, Known] = OFFICIAL) -> Added:
    """Put a known data set into `root`; on any fault `root` stays as it was."""
    known, target = find_known(wanted.name, catalogue), root / wanted.name
    if wanted == Wanted(wanted.name) and (there := _proved(target)):
        return Added(target, there, already=True)
    with obtained(wanted.origin or known.url, known) as origin, staging(root, wanted.name) as built:
        copy_known(origin.path, known, built)
        copy_companions(wanted.companions, known, built)
        manifest, notes = _described(built, known, origin)
        already = target.is_dir() and _same(target, manifest)
        if not already:
            _place(built, target, manifest, wanted.replace)
    return Added(target, manifest, notes, already)


def _proved(target: Path) -> Manifest | None:
    """The manifest of a set that is whole and the publisher's own, so that it need not be fetched to be compared."""
    manifest = read_manifest(target) if target.is_dir() else None
    whole = manifest is not None and manifest.verified == "official" and _same(target, manifest)
    return manifest if whole else None


def _same(target: Path, manifest: Manifest) -> bool:
    there = read_manifest(target)
    return there is not None and there.files == manifest.files == file_facts(target)


def _place(built: Path, target: Path, manifest: Manifest, replace: bool) -> None:
    if target.exists() and not replace:
        raise InputError(
            f"{target} is there already and differs; keep it, or add --replace to have the new one instead"
        )
    write_manifest(built, manifest)
    settle(built, target)


def _described(built: Path, known: Known, origin: Origin) -> tuple[Manifest, tuple[str, ...]]:
    """The manifest of what was copied, and notes on what is not proved."""
    data = read_dataset(built)
    counts, files = counted(data), file_facts(built)
    if known.counts not in (None, counts):
        raise InputError(
            f"{known.name} from {origin.label} has {counts}, officially {known.counts}; get it anew"
        )
    verified = _verified(known, origin, files)
    notes = [] if verified == "official" else _unproved(known, origin, files)
    if not data.timestamps:
        notes.append(TIMELESS)
    manifest = Manifest(
        name=known.name,
        kind=known.name,
        source=origin.label,
        verified=verified,
        counts=counts,
        files=files,
    )
    return manifest, tuple(notes)


def _verified(known: Known, origin: Origin, files: dict[str, FileFacts]) -> Verified:
    if origin.md5 is not None and origin.md5 == known.md5:
        return "official"
    if all(known.sha256.get(name) == files[name].sha256 for name in known.files):
        return "official"
    return "counts" if known.counts else "none"


def _unproved(known: Known, origin: Origin, files: dict[str, FileFacts]) -> list[str]:
    notes = []
    if origin.md5 is not None:
        why = (
            f"is not the official {known.md5}"
            if known.md5
            else "has nothing to compare with: the set is issued anew"
        )
        notes.append(f"the archive's md5 {origin.md5} {why}")
    for name in known.files:
        if known.sha256.get(name) != files[name].sha256:
            why = "is not the original's" if name in known.sha256 else "is not a known one"
            notes.append(f"{name}: checksum sha256 {files[name].sha256} {why}")
    return notes
