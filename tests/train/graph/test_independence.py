"""The graph package could become a library of its own."""

import ast
from pathlib import Path

PACKAGE = Path(__file__).parents[3] / "stages/train/graph"
OTHERS = {"collections", "dataclasses", "numpy", "scipy", "torch", "typing", "warnings"}


def test_it_imports_nothing_of_ours_but_itself() -> None:
    imported = {
        name
        for path in PACKAGE.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    foreign = {name for name in imported if not name.startswith("stages.train.graph.")}
    assert {name.partition(".")[0] for name in foreign} <= OTHERS
