"""A published data set is fetched, checked file by file, counted and moved into place whole."""

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
from stages.data.registry.entries import REGISTRY, RegistryEntry, find_entry
from stages.data.registry.fetch import Origin, obtained
from stages.data.registry.unpack import copy_companions, copy_members
from stages.data.splittable import notes_on_splits
from stages.data.staging import settle, staging

DATA = Path("data")


@dataclass(frozen=True)
class AddRequest:
    """What a person asks for; without `origin` the publisher's archive is used."""

    name: str
    origin: str | None = None
    companions: Sequence[Path] = ()
    replace: bool = False


@dataclass(frozen=True)
class Added:
    """A data set that is in place.

    already: nothing had to be done. notes: what could not be verified.
    """

    folder: Path
    manifest: Manifest
    notes: tuple[str, ...] = ()
    already: bool = False


def add_set(
    request: AddRequest, root: Path = DATA, registry: dict[str, RegistryEntry] = REGISTRY
) -> Added:
    """Put a published data set into `root`; on any fault `root` stays as it was."""
    entry, target = find_entry(request.name, registry), root / request.name
    if request == AddRequest(request.name):
        there = read_manifest(target) if target.is_dir() else None
        # A complete set that is verified as the publisher's is not fetched again for comparison.
        if there and there.verified == "official" and _same(target, there):
            return Added(target, there, already=True)
    with obtained(request.origin, entry) as origin, staging(root, request.name) as built:
        copy_members(origin.path, entry, built)
        copy_companions(request.companions, entry, built)
        manifest, notes = _described(built, entry, origin)
        if target.is_dir() and _same(target, manifest):
            return Added(target, manifest, notes, already=True)
        if target.exists() and not request.replace:
            raise InputError(
                f"{target} is there already and differs; "
                "keep it, or add --replace to have the new one instead"
            )
        write_manifest(built, manifest)
        settle(built, target)
    return Added(target, manifest, notes)


def _same(target: Path, manifest: Manifest) -> bool:
    there = read_manifest(target)
    return there is not None and there.files == manifest.files == file_facts(target)


def _described(
    built: Path, entry: RegistryEntry, origin: Origin
) -> tuple[Manifest, tuple[str, ...]]:
    """The manifest of what was copied, and notes on what could not be verified."""
    data = read_dataset(built)
    counts, files = counted(data), file_facts(built)
    if entry.counts not in (None, counts):
        raise InputError(
            f"{entry.name} from {origin.label} has {counts}, officially {entry.counts}; "
            "get it again"
        )
    verified = _verified(entry, origin, files)
    notes = [] if verified == "official" else _unproved(entry, origin, files)
    notes += notes_on_splits(data)
    manifest = Manifest(
        name=entry.name,
        kind=entry.name,
        source=origin.label,
        verified=verified,
        counts=counts,
        files=files,
    )
    return manifest, tuple(notes)


def _verified(entry: RegistryEntry, origin: Origin, files: dict[str, FileFacts]) -> Verified:
    if origin.md5 is not None and origin.md5 == entry.md5:
        return "official"
    if all(sha256 == files[name].sha256 for name, sha256 in entry.files.items()):
        return "official"
    return "counts" if entry.counts else "none"


def _unproved(entry: RegistryEntry, origin: Origin, files: dict[str, FileFacts]) -> list[str]:
    notes = []
    if origin.md5 is not None:
        why = (
            f"is not the official {entry.md5}"
            if entry.md5
            else "has nothing to compare with: the set is reissued from time to time"
        )
        notes.append(f"the archive's md5 {origin.md5} {why}")
    for name, sha256 in entry.files.items():
        if sha256 != files[name].sha256:
            why = "is not the original's" if sha256 else "is not a known one"
            notes.append(f"{name}: checksum sha256 {files[name].sha256} {why}")
    return notes
