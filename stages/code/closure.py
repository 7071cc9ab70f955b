"""The import closure of a module: every file of ours that decides what it does.

A file counts with all that it imports, at any depth of its code, and with the packages above it.
Where a module imports by a name made at run time (``import_module(f"stages.x.{name}")``), the whole
package counts. So do the data files (prompts, templates, tables) beside a counted module,
and those in folders below it that are not packages.
"""

import ast
import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from stages.core.errors import InputError
from stages.core.variants import ROOT

TOP = "stages"


def closure(*modules: str, root: Path = ROOT) -> list[Path]:
    """Files below `root` that these dotted modules are made of, in the order of their paths."""
    seen: set[Path] = set()
    waiting = {path for module in modules for path in _files(module, root)}
    while waiting:
        path = waiting.pop()
        seen.add(path)
        waiting |= _imported(path, root) - seen
    return sorted(seen.union(*map(_data_files, {path.parent for path in seen})))


def digest(files: list[Path], root: Path = ROOT) -> str:
    """A line per file, its sha256 and its path, so that equal texts mean equal files."""
    lines = (
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(root).as_posix()}"
        for path in files
    )
    return "".join(f"{line}\n" for line in lines)


@cache
def _modules(root: Path) -> dict[str, Path]:
    """The file of each of our modules and packages, by dotted name."""
    files = {path: path.relative_to(root).with_suffix("") for path in root.glob(f"{TOP}/**/*.py")}
    return {".".join(name.parts).removesuffix(".__init__"): path for path, name in files.items()}


def _files(name: str, root: Path) -> Iterator[Path]:
    """The file of the module `name`, or the one that defines it, and those of the packages above.

    `package.*` stands for all modules of a package.
    """
    modules, parts = _modules(root), name.split(".")
    if parts[-1] == "*":
        yield from (path for module, path in modules.items() if module.startswith(name[:-1]))
    prefixes = (".".join(parts[:end]) for end in range(1, len(parts) + 1))
    yield from (modules[prefix] for prefix in prefixes if prefix in modules)


@cache
def _imported(path: Path, root: Path) -> frozenset[Path]:
    """The files of ours that a file imports, at any depth of its code."""
    return frozenset(file for name in _names(path, root) for file in _files(name, root))


def _names(path: Path, root: Path) -> set[str]:
    """Dotted names of ours that a file imports; a file that is no Python imports nothing."""
    try:
        tree = ast.parse(path.read_bytes())
    except SyntaxError:
        return set()
    package = path.relative_to(root).parent.parts
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            # `from ..a import b` two folders up: the packages above, as far as the dots reach
            above = package[: len(package) + 1 - node.level] if node.level else ()
            start = ".".join((*above, *([node.module] if node.module else [])))
            names |= {f"{start}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Call) and _called(node) in ("import_module", "__import__"):
            names |= _imported_by_name(node, tree, path)
    return {name for name in names if name.partition(".")[0] == TOP}


def _called(call: ast.Call) -> str:
    """The last word of what is called."""
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def _imported_by_name(call: ast.Call, tree: ast.Module, path: Path) -> set[str]:
    """What `import_module` is given: a name, or the package that a name made at run time is in.

    Names that `variants` lists are left out, since each variant has a file of hashes of its own.
    Any other name cannot be read here, which is an InputError.
    """
    match call.args:
        case [ast.Constant(value=str(name))]:
            return {name}
        case [ast.JoinedStr(values=[ast.Constant(value=str(start)), *_])] if start.endswith("."):
            return {f"{start}*"}
    if any(isinstance(node, ast.Name) and node.id == "variants" for node in ast.walk(tree)):
        return set()
    raise InputError(
        f"{path}, line {call.lineno}: import_module gets a name that cannot be read from the code, "
        "so DVC would not see what it imports; write the name or the package out"
    )


@cache
def _data_files(folder: Path) -> frozenset[Path]:
    """Files other than Python's, in a folder and in folders below it that are not packages."""
    files: set[Path] = set()
    for path in folder.iterdir():
        if path.is_dir() and path.name != "__pycache__" and not (path / "__init__.py").exists():
            files |= _data_files(path)
        elif path.is_file() and path.suffix not in (".py", ".pyc") and path.name[0] != ".":
            files.add(path)
    return frozenset(files)
