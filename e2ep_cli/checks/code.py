"""Which stages an edit of the sources makes stale, found without DVC.

DVC itself only knows once the stage `code` has run, as the other stages depend on its hashes.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from e2ep_cli.project.places import interpolated, items_of, pipeline, planned_stage
from stages.code.closure import closure, digest
from stages.code.entries import entries

_HASHES = "artifacts/code/"


@dataclass(frozen=True)
class CodeChange:
    """Source files that differ from the last run, and the stages that will run again for them."""

    files: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()


def code_change(folder: Path, params: dict[str, Any]) -> CodeChange:
    """Compare the sources with the hashes of the last run; empty if there was none."""
    changed: dict[str, set[str]] = {}
    for name, modules in entries().items():
        file = folder / _HASHES / f"{name}.txt"
        if not file.is_file():
            continue
        # A line is a hash and a path, so the lines that differ are files edited, added or deleted.
        before, now = file.read_text(encoding="utf-8"), digest(closure(*modules))
        lines = set(before.splitlines()) ^ set(now.splitlines())
        if lines:
            changed[f"{_HASHES}{name}.txt"] = {line.partition("  ")[2] for line in lines}
    if not changed:
        return CodeChange()
    stages = [
        planned_stage(stage, item)
        for stage, entry in pipeline(folder).items()
        for item in items_of(entry, params)
        if any(interpolated(dep, {"item": item}) in changed for dep in entry["deps"])
    ]
    return CodeChange(tuple(sorted(set().union(*changed.values()))), tuple(stages))
