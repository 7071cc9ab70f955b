"""Refusing a data set whose files are not the ones that were added."""

import json
from pathlib import Path

from stages.core.errors import InputError
from stages.core.tables import write_json
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
    is_sample = folder.name == SAMPLE
    there = file_facts(folder)
    for name, facts in (_sample_files() if is_sample else _listed(folder)).items():
        if there.get(name) != facts:
            state = "is not the one that was added" if name in there else "is missing"
            way = (
                "`git checkout data.dvc` and `dvc pull --force data.dvc` restore it"
                if is_sample
                else f"add or import {folder.name} again with --replace"
            )
            raise InputError(f"data/{folder.name}/{name} {state}; {way}")


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
