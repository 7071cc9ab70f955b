"""The numbers of metrics/<dataset>/ as one tree, from the working tree or a Git revision."""

import csv
import json
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import cast

from e2ep_cli.gating.changes import Tree
from e2ep_cli.project.places import git
from stages.contracts.metrics.files import parsed_rows
from stages.contracts.metrics.memorised import MEMORISED_FILE
from stages.contracts.metrics.record import RunRecord
from stages.core.errors import DamagedError, InputError, MissingError

_RECORD = "record.json"


@dataclass(frozen=True)
class Numbers:
    """File → its numbers, and the record of what made them, if there is one."""

    files: dict[str, Tree]
    record: RunRecord | None


def numbers_here(root: Path, dataset: str, command: str = "e2ep run") -> Numbers:
    """The numbers of the project or of a run's folder; `command` makes them."""
    folder = root / "metrics" / dataset
    if not folder.is_dir():
        raise MissingError(f"metrics/{dataset} is not there yet; `{command}` makes it")
    files = (path for path in folder.rglob("*") if path.is_file())
    bodies = {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
    return _numbers(bodies, f"metrics/{dataset}/{{}}")


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
            f"{folder} is not committed at {revision}; "
            "commit it, or compare --against another revision"
        )
    bodies = {
        str(path.relative_to(folder)): git(root, "show", f"{commit}:./{path}") for path in files
    }
    return _numbers(bodies, f"{folder}/{{}} at {revision}")


def moved_sets(root: Path, revision: str, apart_from: str) -> list[str]:
    """Other data sets with committed numbers that the working tree has changed."""
    changed = git(root, "diff", "--name-only", "--relative", "-z", revision, "--", "metrics")
    paths = [PurePosixPath(name) for name in changed.decode().split("\0") if name]
    names = {path.parts[1] for path in paths if len(path.parts) > 2}
    return sorted(names - {apart_from})


def _numbers(bodies: dict[str, bytes], where: str) -> Numbers:
    """where: how an error names a file; the braces stand for its name.

    What a language model recites is no number of a run.
    """
    bodies = {name: body for name, body in bodies.items() if name != MEMORISED_FILE}
    record = bodies.get(_RECORD)
    return Numbers(
        {name: _tree(name, body, where.format(name)) for name, body in bodies.items()},
        None if record is None else parsed_rows(record, RunRecord, where.format(_RECORD)),
    )


def _tree(name: str, body: bytes, where: str) -> Tree:
    """A file's numbers; None for the record and other kinds, which only have to exist."""
    try:
        if name.endswith(".json") and name != _RECORD:
            # NaN as a string, which equals itself
            return _by_place(json.loads(body, parse_constant=str))
        return _by_cells(body.decode()) if name.endswith(".csv") else None
    except (ValueError, TypeError, IndexError) as error:
        raise DamagedError(
            f"{where} is damaged ({error}); run `e2ep run` to make it again"
        ) from error


def _by_place(value: object) -> Tree:
    """The content of JSON; lists become trees by index, so that their numbers have limits too."""
    if isinstance(value, dict):
        return {key: _by_place(part) for key, part in value.items()}
    if isinstance(value, list):
        return {str(place): _by_place(part) for place, part in enumerate(value)}
    return cast(Tree, value)


def _by_cells(text: str) -> Tree:
    """A long table's column `value` by the cells before it; None for a table of another shape."""
    head, *rows = csv.reader(text.splitlines())
    if head[-1] != "value":
        return None
    tree: dict[str, Tree] = {}
    for *cells, name, value in rows:
        branch = tree
        for cell in cells:
            branch = cast(dict[str, Tree], branch.setdefault(cell, {}))
        branch[name] = float(value)
    return tree
