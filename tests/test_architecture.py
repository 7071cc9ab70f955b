"""Imports run strictly down and in no circle, and dvc.yaml sees them through the stage `code`."""

import ast
import hashlib
import json
import re
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
import yaml

from stages.code.closure import closure
from stages.code.entries import entries
from stages.contracts.words import FILMS, worded
from stages.llm.prompt import read_prompt

ROOT = Path(__file__).parents[1]
MODULES = sorted(
    path
    for top in ("stages", "e2ep_cli", "tools", "benchmarks")
    for path in (ROOT / top).rglob("*.py")
)
FLOORS = {"core": 0, "contracts": 1, "llm": 2, "data": 2, "metrics": 2, "linear": 2}
"""Of the packages that several stages import.

A stage lies above them, the CLI and what calls it above all stages.
"""
ABOVE = {"probe": "train"}
"""The one stage that imports another: it asks a fitted model for scores."""
STAGES = yaml.safe_load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))["stages"]
PROMPTS = sorted(ROOT.glob("stages/*/prompts/*.md"))


def imported(path: Path) -> Iterator[Path]:
    """Files of ours that a file imports, at any depth of its code."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (file for alias in node.names if (file := file_of(alias.name)))
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                if file := file_of(f"{node.module}.{alias.name}") or file_of(node.module):
                    yield file


def file_of(name: str) -> Path | None:
    """The file of a module of ours."""
    stems = [root.joinpath(*name.split(".")) for root in (ROOT, ROOT / "benchmarks")]
    files = (path for stem in stems for path in (stem.with_suffix(".py"), stem / "__init__.py"))
    return next((path for path in files if path in ALL), None)


ALL = set(MODULES)


def floor(path: Path) -> int:
    parts = path.relative_to(ROOT).parts
    if parts[0] != "stages":
        return {"e2ep_cli": 4, "tools": 5, "benchmarks": 6}[parts[0]]
    return FLOORS.get(parts[1], 3)


def is_upward_or_sideways(importer: Path, target: Path) -> bool:
    own, other = (path.relative_to(ROOT).parts[:2] for path in (importer, target))
    if own == other or own[0] == other[0] != "stages" or other[1] == "__init__.py":
        return False
    return floor(target) >= floor(importer) and ABOVE.get(own[1]) != other[1]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_run_down(path: Path) -> None:
    assert not [file for file in imported(path) if is_upward_or_sideways(path, file)]


def test_an_upward_import_would_be_seen() -> None:
    judge, model = ROOT / "stages/rerank/judge.py", ROOT / "stages/train/fitting/model.py"
    assert is_upward_or_sideways(ROOT / "stages/core/ids.py", model)
    assert is_upward_or_sideways(ROOT / "stages/contracts/rows.py", judge)
    assert is_upward_or_sideways(judge, model)
    assert is_upward_or_sideways(model, ROOT / "stages/probe/deletion.py")
    assert not is_upward_or_sideways(ROOT / "stages/probe/deletion.py", model)
    assert not is_upward_or_sideways(judge, ROOT / "stages/core/ids.py")


def test_no_module_is_imported_by_what_it_imports() -> None:
    """A topological order of all files exists; TopologicalSorter names a circle otherwise."""
    graph = {path: set(imported(path)) - {path} for path in MODULES}
    assert len(list(TopologicalSorter(graph).static_order())) == len(MODULES)


def test_nobody_imports_a_main() -> None:
    """It is the thin edge of a stage: what others need of it stands in a file of its own."""
    assert not [path for path in MODULES for file in imported(path) if file.stem == "__main__"]


@pytest.mark.parametrize("stage", [name for name in STAGES if name != "code"])
def test_a_stage_depends_on_the_hashes_of_its_own_imports(stage: str) -> None:
    module = re.search(r"-m stages\.([\w.]+)", STAGES[stage]["cmd"])
    assert module
    name = module[1].replace(".", "-")
    axes = {"train": "model", "train-further": "model", "rerank": "strategy", "probe": "base"}
    variant = f"-${{item.{axes[name]}}}" if name in axes else ""
    own = f"artifacts/code/{name}{variant}.txt"
    assert [
        dep for dep in STAGES[stage]["deps"] if dep.startswith(("stages", "artifacts/code"))
    ] == [own]


def test_the_cli_starts_without_heavy_modules() -> None:
    import subprocess
    import sys

    probe = (
        "import sys, e2ep_cli.main\n"
        "heavy = {'torch', 'pandas', 'numpy', 'pyarrow', 'dvc'}\n"
        "print(*sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", probe], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert done.stdout.strip() == ""


def test_params_are_read_by_the_stage_of_their_name() -> None:
    params = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
    sections = [name for name, value in params.items() if isinstance(value, dict)]
    assert all(
        (ROOT / "stages" / name / "params.py").exists()
        for name in sections
        if name not in ("further", "shown")
    )


def test_the_page_on_the_pipeline_has_a_row_for_every_stage() -> None:
    rows = re.findall(
        r"^\| `(\w+)` \|", (ROOT / "docs/pipeline.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert rows == list(dict.fromkeys(name.partition("-")[0] for name in STAGES))


@pytest.mark.parametrize("prompt", PROMPTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_prompt_is_a_versioned_file_and_counts_for_its_stage(prompt: Path) -> None:
    stage = prompt.parents[1].name
    stages = [modules for name, modules in entries().items() if name.split("-")[0] == stage]
    # Questions that no stage asks, but a command: `e2ep memorised`.
    files = [closure(*modules) for modules in stages or [(f"stages.{stage}.questions",)]]
    assert files
    assert all(prompt in counted for counted in files)
    assert re.fullmatch(rf"{prompt.stem}-\d+", read_prompt(prompt).version)


def test_a_changed_prompt_has_a_new_version() -> None:
    """After a change, raise the version on its first line.

    Then note it in tests/prompts.json beside its sha256, which is that of the text for films.
    """
    told = {
        read_prompt(prompt).version: hashlib.sha256(
            worded(read_prompt(prompt).text, FILMS).encode()
        ).hexdigest()
        for prompt in PROMPTS
    }
    assert told == json.loads((ROOT / "tests" / "prompts.json").read_text())


def test_prompts_are_package_data() -> None:
    import tomllib

    setup = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
        "setuptools"
    ]
    assert "prompts/*.md" in setup["package-data"]["*"]
    assert {path.parents[1].name for path in PROMPTS} == {
        "compare",
        "memorised",
        "profile",
        "rerank",
    }
