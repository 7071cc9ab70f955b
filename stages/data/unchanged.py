"""Refusing a data set whose files are not the ones that were added."""

import json
from pathlib import Path

from stages.core.errors import InputError
from stages.core.files import write_json
from stages.data.manifest import FileFacts, file_facts, read_manifest
from stages.data.read import require_folder
from stages.data.registry.entries import SAMPLE

_SAMPLE_FILES = Path(__file__).with_name("sample") / "files.json"
"""Checksums of the embedded set, which has no manifest of its own."""


def require_unchanged(folder: Path) -> None:
    """Raise an InputError that names the first changed or missing file, and how to restore it.

    Other files may lie beside them.
    """
    require_folder(folder)
    there = file_facts(folder)
    for name, facts in listed_files(folder).items():
        if there.get(name) != facts:
            state = "is not the one that was added" if name in there else "is missing"
            raise InputError(f"data/{folder.name}/{name} {state}; {way_back(folder.name)}")


def listed_files(folder: Path) -> dict[str, FileFacts]:
    """The files of a data set as they were added; none if nothing says so."""
    return _sample_files() if folder.name == SAMPLE else _listed(folder)


def way_back(dataset: str) -> str:
    """What brings an edited data set back."""
    if dataset == SAMPLE:
        return "`git checkout data.dvc` and `dvc pull --force data.dvc` restore it"
    return f"add or import {dataset} again with --replace"


def write_checksums(folder: Path) -> None:
    """Take the files of `folder` for the embedded set from now on."""
    facts = {name: facts.model_dump() for name, facts in file_facts(folder).items()}
    write_json(_SAMPLE_FILES, facts)


def _listed(folder: Path) -> dict[str, FileFacts]:
    manifest = read_manifest(folder)
    return manifest.files if manifest else {}


def _sample_files() -> dict[str, FileFacts]:
    listed = json.loads(_SAMPLE_FILES.read_text(encoding="utf-8"))
    return {name: FileFacts.model_validate(facts) for name, facts in listed.items()}
