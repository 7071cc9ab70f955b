"""A published data set is fetched, checked file by file, counted and moved into place whole."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from stages.core.errors import InputError
from stages.data.conversion.convert import converted
from stages.data.formats import canonical
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
from stages.data.registry.fetch import Origin, obtained, require_origin
from stages.data.registry.room import room_for
from stages.data.registry.unpack import copy_companions, copy_members
from stages.data.splittable import notes_on_splits
from stages.data.staging import settle, staging

DATA = Path("data")


@dataclass(frozen=True)
class AddRequest:
    """What a person asks for; without `origin` the publisher's archive is used.

    agreed: to the publisher's terms.
    """

    name: str
    origin: str | None = None
    companions: Sequence[Path] = ()
    replace: bool = False
    agreed: bool = False


@dataclass(frozen=True)
class Added:
    """A data set that is in place.

    already: nothing had to be done. notes: what could not be verified, and what was left out.
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
    if (request.origin, request.companions, request.replace) == (None, (), False):
        there = read_manifest(target) if target.is_dir() else None
        # A complete set that is verified as the publisher's is not fetched again for comparison.
        if there and there.verified == "official" and _same(target, there):
            return Added(target, there, already=True)
    require_origin(request.origin, entry)
    if entry.asks and not request.agreed:
        raise InputError(
            f"nothing of {entry.name} is fetched before you accept its terms: {entry.terms} "
            "Add --accept-terms if you do"
        )
    with room_for(entry.name, root):
        return _added(request, entry, target)


def _added(request: AddRequest, entry: RegistryEntry, target: Path) -> Added:
    with obtained(request.origin, entry) as origin, staging(target.parent, entry.name) as built:
        copy_members(origin.path, entry, built)
        copy_companions(request.companions, entry, built)
        published = {
            name: facts for name, facts in file_facts(built).items() if name in entry.files
        }
        left = _convert(built, entry)
        manifest, notes = _described(built, entry, origin, published)
        notes = (*left, *notes)
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


def _convert(built: Path, entry: RegistryEntry) -> tuple[str, ...]:
    """Put our own form in the place of the publisher's files, if the entry says how to read them.

    What was left out is returned.
    """
    if entry.reading is None:
        return ()
    published = built / entry.name
    published.mkdir()
    for name in entry.files:
        (built / name).rename(published / name)
    data, left = converted(published, entry, entry.reading)
    shutil.rmtree(published)
    canonical.write(built, data)
    return left


def _same(target: Path, manifest: Manifest) -> bool:
    there = read_manifest(target)
    return there is not None and there.files == manifest.files == file_facts(target)


def _described(
    built: Path, entry: RegistryEntry, origin: Origin, published: dict[str, FileFacts]
) -> tuple[Manifest, tuple[str, ...]]:
    """The manifest of what was copied or converted, and notes on what could not be verified."""
    data = read_dataset(built, entry)
    counts = counted(data)
    if entry.counts not in (None, counts):
        raise InputError(
            f"{entry.name} from {origin.label} has {counts}, officially {entry.counts}; "
            "get it again"
        )
    verified = _verified(entry, origin, published)
    notes = [] if verified == "official" else _unproved(entry, origin, published)
    notes += notes_on_splits(data)
    manifest = Manifest(
        name=entry.name,
        kind=entry.kind,
        source=origin.label,
        verified=verified,
        counts=counts,
        files=file_facts(built),
        archives=origin.archives,
    )
    return manifest, tuple(notes)


def _verified(entry: RegistryEntry, origin: Origin, published: dict[str, FileFacts]) -> Verified:
    """Official is what the sums of all that was downloaded prove, or those of all files in it."""
    if origin.archives and all(
        (known.md5 or known.sha256)
        and known.file in origin.archives
        and origin.archives[known.file].differing(known.md5, known.sha256) is None
        for known in entry.downloads
    ):
        return "official"
    if entry.official and _as_known(entry, published):
        return "official"
    return "counts" if entry.counts else "none"


def _unproved(entry: RegistryEntry, origin: Origin, published: dict[str, FileFacts]) -> list[str]:
    notes = []
    for known in entry.downloads:
        sums = origin.archives.get(known.file)
        if sums is not None:
            official = known.md5 or known.sha256
            own = sums.md5 if known.md5 or not known.sha256 else sums.sha256
            if official == own:
                continue
            why = (
                f"is not the official {official}"
                if official
                else "has nothing to compare with: no checksum of it is published"
            )
            notes.append(f"{known.file}: its {'sha256' if len(own) > 32 else 'md5'} {own} {why}")
    for name, sha256 in entry.files.items():
        if sha256 != published[name].sha256:
            why = "is not the original's" if sha256 else "is not a known one"
            notes.append(f"{name}: checksum sha256 {published[name].sha256} {why}")
    if not entry.official and _as_known(entry, published):
        notes.append("its files are those of a copy: no text gives the publisher's checksums")
    return notes


def _as_known(entry: RegistryEntry, published: dict[str, FileFacts]) -> bool:
    return all(sha256 == published[name].sha256 for name, sha256 in entry.files.items())
