"""One public name has one meaning in the whole project."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
FILES = sorted(
    path
    for top in ("stages", "e2ep_cli", "tools")
    for path in (ROOT / top).rglob("*.py")
    if path.stem != "__main__"
)
INTERFACES = {"Config", "MODEL", "STRATEGY", "connect", "read", "check", "main"}
"""Names in every variant of a kind: models, strategies, providers, formats, checks, programs."""
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in FILES}


def public_names(tree: ast.Module) -> Iterator[str]:
    """Functions, classes, type aliases and constants at the top of a module; no TypeVars."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names = [node.name]
        elif isinstance(node, ast.Assign):
            names = [target.id for target in node.targets if isinstance(target, ast.Name)]
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names = [node.target.id]
        else:
            continue
        yield from (name for name in names if not name.startswith("_") and len(name) > 1)


def imported_names() -> set[str]:
    """Names that a module takes from another one of ours."""
    nodes = (node for tree in TREES.values() for node in ast.walk(tree))
    return {
        alias.name
        for node in nodes
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith(("stages", "e2ep_cli"))
        for alias in node.names
    }


def defined_twice(trees: dict[Path, ast.Module], shared: set[str]) -> dict[str, list[Path]]:
    """Names with two meanings, and where.

    A constant that no other module imports is its module's own.
    """
    places = defaultdict(list)
    for path, tree in trees.items():
        for name in set(public_names(tree)) - INTERFACES:
            if not name.isupper() or name in shared:
                places[name].append(path)
    return {name: paths for name, paths in places.items() if len(paths) > 1}


def test_one_public_name_has_one_meaning() -> None:
    assert defined_twice(TREES, imported_names()) == {}


def test_a_name_with_two_meanings_would_be_seen() -> None:
    trees = {
        Path("a.py"): ast.parse("LIMIT = 1\ndef rank(): ...\nconnect = None\n_own = 1"),
        Path("b.py"): ast.parse("LIMIT = 2\nclass rank: ...\nconnect = None\n_own = 1"),
    }
    assert set(defined_twice(trees, set())) == {"rank"}
    assert set(defined_twice(trees, {"LIMIT"})) == {"rank", "LIMIT"}
