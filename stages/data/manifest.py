"""manifest.json: what a data set's folder held when made, and how far its origin is verified."""

import hashlib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from stages.core.errors import InputError
from stages.core.files import write_text
from stages.data.dataset import Counts, Dataset, DatasetKind
from stages.data.registry.checksums import Checksums

MANIFEST = "manifest.json"

Verified = Literal["official", "counts", "none"]
"""By the publisher's checksums, by its counts alone, or not at all."""


class FileFacts(BaseModel):
    """A file's checksum and size in bytes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sha256: str
    size: int


class Manifest(BaseModel):
    """The content of manifest.json.

    It holds neither machine paths nor times, so that equal sets have equal manifests.
    archives: the publisher's files that the set was taken from, if they were there.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    kind: DatasetKind
    source: str
    verified: Verified
    counts: Counts
    files: dict[str, FileFacts]
    archives: dict[str, Checksums] = {}


def counted(data: Dataset) -> Counts:
    """How much `data` holds."""
    return Counts(len(data.users), len(data.movies), len(data.ratings))


def file_facts(folder: Path) -> dict[str, FileFacts]:
    """Every file of the folder except the manifest, by its name inside the folder."""
    files = sorted(
        path for path in folder.rglob("*") if path.is_file() and path != folder / MANIFEST
    )
    facts = {}
    for path in files:
        with path.open("rb") as content:
            sha256 = hashlib.file_digest(content, "sha256").hexdigest()
        facts[path.relative_to(folder).as_posix()] = FileFacts(
            sha256=sha256, size=path.stat().st_size
        )
    return facts


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write manifest.json into the folder."""
    write_text(folder / MANIFEST, manifest.model_dump_json(indent=1) + "\n")


def read_manifest(folder: Path) -> Manifest | None:
    """The folder's manifest, or None if it has none."""
    path = folder / MANIFEST
    if not path.is_file():
        return None
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise InputError(
            f"{path} is not a manifest; add or import {folder.name} again with --replace"
        ) from error
