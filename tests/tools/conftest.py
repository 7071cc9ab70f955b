"""Blocks written in the project's folder, or in a copy of its metrics that a test may change."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tools.blocks import rendered
from tools.docs import CONTEXTS

ROOT = Path(__file__).parents[2]


@pytest.fixture
def block() -> Callable[[str, str], str]:
    """What stands in a block of a kind with these arguments."""
    return lambda kind, arguments: rendered(kind, CONTEXTS[kind](*arguments.split()))


@pytest.fixture
def root(monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project's folder, as the working folder."""
    monkeypatch.chdir(ROOT)
    return ROOT


@pytest.fixture
def change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Lets a function alter the models of summary.json, in a copy that is the working folder."""
    (tmp_path / "docs").mkdir()
    for name in ("paper.csv", "paper_facts.json"):
        shutil.copy(ROOT / "docs" / name, tmp_path / "docs")
    shutil.copytree(ROOT / "metrics" / "ml-100k", tmp_path / "metrics" / "ml-100k")
    monkeypatch.chdir(tmp_path)

    def alter(change: Callable[[dict[str, Any]], object], place: str = "ml-100k") -> None:
        path = tmp_path / "metrics" / place / "summary.json"
        summary = json.loads(path.read_text(encoding="utf-8"))
        change(summary["models"])
        path.write_text(json.dumps(summary), encoding="utf-8")

    return alter
