"""Converting a person's own CSV files to the canonical form, or refusing the line at fault."""

import re
from pathlib import Path

from stages.core.errors import InputError
from stages.data.add import DATA, Added
from stages.data.formats import canonical
from stages.data.formats.own import Own, read_own
from stages.data.liked import notes_on_liking
from stages.data.manifest import Manifest, counted, file_facts, write_manifest
from stages.data.read import read_dataset
from stages.data.registry.entries import REGISTRY, SAMPLE
from stages.data.sheets.meaning import Meaning
from stages.data.splittable import notes_on_splits
from stages.data.staging import settle, staging

_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")


def import_own(
    name: str, own: Own, meaning: Meaning, replace: bool = False, root: Path = DATA
) -> Added:
    """Write data/NAME from a person's files; on any fault `root` stays as it was."""
    target = root / check_name(name)
    if target.exists() and not replace:
        raise InputError(f"{target} is there already; choose another name, or add --replace")
    data, left_out = read_own(name, own, meaning)
    with staging(root, name) as built:
        canonical.write(built, data)
        counts = counted(read_dataset(built))
        manifest = Manifest(
            name=name,
            kind="csv",
            source="own files",
            verified="none",
            counts=counts,
            files=file_facts(built),
        )
        write_manifest(built, manifest)
        settle(built, target)
    on_splits = notes_on_splits(data)
    return Added(target, manifest, (*left_out, *meaning.notes, *notes_on_liking(data), *on_splits))


def check_name(name: str) -> str:
    """`name`, if a folder and a DVC stage can have it and no published set does."""
    if _NAME.fullmatch(name) is None:
        raise InputError(
            f"{name!r} cannot name a data set; "
            "use lower-case letters, digits and -, a letter or digit first"
        )
    if name in (SAMPLE, *REGISTRY):
        raise InputError(
            f"{name} is the name of a published set; choose another name for data of your own"
        )
    return name
