"""One public name has one meaning in the whole project, and none has a name that says nothing."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
TREES = {
    path: ast.parse(path.read_text(encoding="utf-8"))
    for top in ("stages", "e2ep_cli", "tools")
    for path in sorted((ROOT / top).rglob("*.py"))
}
INTERFACES = {"Config", "MODEL", "STRATEGY", "connect", "read", "check", "main", "app"}
"""Names that all variants of a kind have: models, strategies, providers, formats, checks."""
BANNED = {"told", "found", "goes_on", "warmth", "visitor", "guest", "data2", "utils", "helpers"}
"""Names that say nothing, or whose meaning has another word (DESIGN's table)."""


def public_names(tree: ast.Module) -> Iterator[str]:
    """Functions, classes, type aliases and constants of a module; no TypeVars."""
    nodes: list[ast.stmt] = list(tree.body)
    while nodes:
        node = nodes.pop()
        names: list[str] = []
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                names = [node.name]
            case ast.Assign(targets=targets):
                names = [name for target in targets for name in assigned(target)]
            case ast.AnnAssign(target=target):
                names = assigned(target)
            case ast.If() | ast.Try():
                nodes += [
                    child for child in ast.iter_child_nodes(node) if isinstance(child, ast.stmt)
                ]
        yield from (name for name in names if not name.startswith("_") and len(name) > 1)


def assigned(target: ast.expr) -> list[str]:
    """The names in the target of an assignment, as in ``a, b = 1, 2``."""
    return [node.id for node in ast.walk(target) if isinstance(node, ast.Name)]


def shared_names() -> set[str]:
    """Names that a module takes from another one of ours, or reads as ``module.NAME``."""
    names: set[str] = set()
    for tree in TREES.values():
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.Attribute):
                names.add(node.attr)
    return names


def defined_twice(trees: dict[Path, ast.Module], shared: set[str]) -> dict[str, list[Path]]:
    """Names with two meanings, and where.

    A constant that no other module reads is its module's own, and what a `__main__` defines is
    imported by nobody.
    """
    places = defaultdict(list)
    for path, tree in trees.items():
        for name in set(public_names(tree)) - INTERFACES if path.stem != "__main__" else ():
            if not name.isupper() or name in shared:
                places[name].append(path)
    return {name: paths for name, paths in places.items() if len(paths) > 1}


def banned_in(tree: ast.Module) -> set[str]:
    """Banned names of functions, classes, arguments, variables and attributes."""
    names = set()
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                names.add(node.name)
            case (
                ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name) | ast.keyword(arg=str(name))
            ):
                names.add(name)
    return names & BANNED


def test_one_public_name_has_one_meaning() -> None:
    assert defined_twice(TREES, shared_names()) == {}


def test_no_name_says_nothing() -> None:
    assert {path: names for path, tree in TREES.items() if (names := banned_in(tree))} == {}


def test_a_name_with_two_meanings_would_be_seen() -> None:
    trees = {
        Path("a.py"): ast.parse("LIMIT = 1\ndef rank(): ...\nconnect = None\n_own = 1"),
        Path("b.py"): ast.parse("if 1:\n    LIMIT, Other = 2, 3\nclass rank: ...\nconnect = None"),
        Path("c.py"): ast.parse("try:\n    Other = 4\nexcept ValueError: ...\n_own = 1"),
        Path("__main__.py"): ast.parse("def rank(): ..."),
    }
    assert set(defined_twice(trees, set())) == {"rank", "Other"}
    assert set(defined_twice(trees, {"LIMIT"})) == {"rank", "Other", "LIMIT"}


def test_a_banned_name_would_be_seen() -> None:
    tree = ast.parse("def told(guest): found = 1; x.visitor; f(warmth=1)")
    assert banned_in(tree) == {"told", "guest", "found", "warmth"}
