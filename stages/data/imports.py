"""Converting a person's own CSV files to the canonical form, or refusing the line at fault."""

import re
from dataclasses import dataclass
from pathlib import Path

from stages.core.errors import InputError
from stages.data.add import DATA, Added
from stages.data.dataset import Dataset
from stages.data.formats import canonical
from stages.data.formats.own import Own, read_own
from stages.data.liked import notes_on_liking
from stages.data.manifest import Manifest, counted, file_facts, write_manifest
from stages.data.read import read_dataset
from stages.data.registry.entries import REGISTRY, SAMPLE
from stages.data.sheets.meaning import Meaning
from stages.data.splittable import notes_on_splits
from stages.data.staging import settle, staging

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,99}")


@dataclass(frozen=True)
class ReadImport:
    """A person's files, understood, before anything is written.

    target: the folder that they go to. left_out: a sentence for each reason. notes: what else a
    person should know.
    """

    target: Path
    data: Dataset
    left_out: tuple[str, ...]
    notes: tuple[str, ...]


def read_import(
    name: str, own: Own, meaning: Meaning, replace: bool = False, root: Path = DATA
) -> ReadImport:
    """Understand a person's files; a fault raises an InputError."""
    target = root / check_name(name)
    if target.exists() and not replace:
        raise InputError(f"{target} is there already; choose another name, or add --replace")
    read = read_own(name, own, meaning)
    on_splits = notes_on_splits(read.data)
    notes = (*read.notes, *meaning.notes, *notes_on_liking(read.data), *on_splits)
    return ReadImport(target, read.data, read.left_out, notes)


def write_import(imported: ReadImport) -> Added:
    """Write data/NAME; on any fault the folder of the data sets stays as it was."""
    target = imported.target
    with staging(target.parent, target.name) as built:
        canonical.write(built, imported.data)
        manifest = Manifest(
            name=target.name,
            kind="csv",
            source="own files",
            verified="none",
            counts=counted(read_dataset(built)),
            files=file_facts(built),
        )
        write_manifest(built, manifest)
        settle(built, target)
    return Added(target, manifest, imported.notes)


def check_name(name: str) -> str:
    """`name`, if a folder and a DVC stage can have it and no published set does."""
    if _NAME.fullmatch(name) is None:
        raise InputError(
            f"{name!r} cannot name a data set; "
            "use at most 100 lower-case letters, digits and -, a letter or digit first"
        )
    if name in (SAMPLE, *REGISTRY):
        raise InputError(
            f"{name} is the name of a published set; choose another name for data of your own"
        )
    return name
