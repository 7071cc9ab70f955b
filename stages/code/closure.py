"""The import closure of a module: every file of ours that decides what it does.

A file counts with all that it imports, at any depth of its code, and with the packages above it. Where a module imports
by a name made at run time (``import_module(f"stages.llm.providers.{name}")``), the whole package counts. So do the data
files (prompts, templates, tables) in or below a folder that a counted module lies in.
"""

import ast
import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from stages.core.variants import ROOT

TOP = "stages"


def closure(*modules: str, root: Path = ROOT) -> list[Path]:
    """Files below `root` that these dotted modules are made of, in order of their paths."""
    seen: set[Path] = set()
    waiting = [path for module in modules for path in _files(module, root)]
    while waiting:
        path = waiting.pop()
        if path not in seen:
            seen.add(path)
            waiting += [file for name in _imported(path) for file in _files(name, root)]
    return sorted(
        seen | {file for folder in {path.parent for path in seen} for file in _data_files(folder)}
    )


def digest(files: list[Path], root: Path = ROOT) -> str:
    """A line per file, its sha256 and its path: equal for two trees where every file is."""
    lines = (
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(root).as_posix()}"
        for path in files
    )
    return "".join(f"{line}\n" for line in lines)


def _files(name: str, root: Path) -> Iterator[Path]:
    """The file of a module, or of the module that a name stands in, and of the packages above; `name.*`: all of one."""
    if name.endswith(".*"):
        yield from sorted(root.joinpath(*name.split(".")[:-1]).rglob("*.py"))
        return
    parts = name.split(".")
    for end in range(1, len(parts) + 1):
        stem = root.joinpath(*parts[:end])
        yield from (
            path for path in (stem / "__init__.py", stem.with_suffix(".py")) if path.is_file()
        )


@cache
def _imported(path: Path) -> tuple[str, ...]:
    """Dotted names of ours that a file imports; a package whose modules it imports by name ends in `.*`."""
    names = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names += [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.JoinedStr) and isinstance(first := node.values[0], ast.Constant):
            package = str(first.value)
            names += (
                [f"{package}*"] if package.startswith(f"{TOP}.") and package.endswith(".") else []
            )
    return tuple(name for name in names if name.partition(".")[0] == TOP)


def _data_files(folder: Path) -> Iterator[Path]:
    """Files that are no Python, in a folder and in those below it that are no packages."""
    for path in sorted(folder.iterdir()):
        if path.is_dir() and path.name != "__pycache__" and not (path / "__init__.py").exists():
            yield from _data_files(path)
        elif (
            path.is_file() and path.suffix not in (".py", ".pyc") and not path.name.startswith(".")
        ):
            yield path
