"""The numbers of metrics/<dataset>/ as one tree: those that lie there, and those of a Git revision."""

import csv
import json
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from e2ep_cli.project.places import git
from stages.core.errors import DamagedError, InputError, MissingError

RECORD = "record.json"


@dataclass(frozen=True)
class Numbers:
    """File → its numbers, and the record of what made them, where there is one."""

    files: dict[str, Any]
    record: dict[str, Any] | None


def numbers_here(root: Path, dataset: str) -> Numbers:
    """The numbers of the working tree."""
    folder = root / "metrics" / dataset
    if not folder.is_dir():
        raise MissingError(
            f"metrics/{dataset} is not there; run `e2ep run --dataset {dataset}` to make it"
        )
    files = (path for path in folder.rglob("*") if path.is_file())
    return _numbers(
        {path.relative_to(folder).as_posix(): path.read_bytes() for path in files},
        f"metrics/{dataset}",
    )


def numbers_at(root: Path, dataset: str, revision: str) -> Numbers:
    """The numbers as committed."""
    commit = (
        git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        .decode()
        .strip()
    )
    if not commit:
        raise InputError(
            f"--against {revision} names no commit here; give a branch, a tag or a commit"
        )
    folder = PurePosixPath("metrics") / dataset
    listed = (
        git(root, "ls-tree", "-r", "-z", "--name-only", commit, "--", f"{folder}/")
        .decode()
        .split("\0")
    )
    files = [PurePosixPath(name) for name in listed if name]
    if not files:
        raise InputError(
            f"{folder} is not committed at {revision}; commit it, or compare --against another revision"
        )
    bodies = {
        str(path.relative_to(folder)): git(root, "show", f"{commit}:./{path}") for path in files
    }
    return _numbers(bodies, f"{folder} at {revision}")


def _numbers(bodies: dict[str, bytes], where: str) -> Numbers:
    try:
        record = json.loads(bodies[RECORD]) if RECORD in bodies else None
        return Numbers({name: _parsed(name, body) for name, body in bodies.items()}, record)
    except (ValueError, TypeError, IndexError) as error:
        raise DamagedError(
            f"{where} holds a damaged file ({error}); run `e2ep run` to make it again"
        ) from error


def _parsed(name: str, body: bytes) -> Any:
    """A tree of numbers; None for the record and files of other kinds, whose presence alone counts."""
    if name.endswith(".json") and name != RECORD:
        # NaN as a word: it equals itself there
        return _tree(json.loads(body, parse_constant=str))
    return _rows(body.decode()) if name.endswith(".csv") else None


def _tree(value: Any) -> Any:
    """Lists as trees by place, so that their numbers have limits too."""
    if isinstance(value, dict):
        return {key: _tree(part) for key, part in value.items()}
    return (
        {str(place): _tree(part) for place, part in enumerate(value)}
        if isinstance(value, list)
        else value
    )


def _rows(text: str) -> dict[str, Any] | None:
    """A long table's column `value` by the cells of the columns before it; None for a table of another shape."""
    head, *rows = csv.reader(text.splitlines())
    if head[-1] != "value":
        return None
    tree: dict[str, Any] = {}
    for *cells, name, value in rows:
        branch = tree
        for cell in cells:
            branch = branch.setdefault(cell, {})
        branch[name] = float(value)
    return tree
