"""What counts as a stage's code, and which runs an edit of it makes stale."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from stages.code.closure import closure, digest
from stages.code.entries import entries

ROOT = Path(__file__).parents[2]
STAGES = yaml.safe_load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))["stages"]
Edited = Callable[[str], set[str]]


@pytest.fixture
def stale_after(tmp_path: Path) -> Edited:
    """The stages and variants whose hashes change when a file of a copy gets a comment."""
    shutil.copytree(
        ROOT / "stages", tmp_path / "stages", ignore=shutil.ignore_patterns("__pycache__")
    )

    def hashes() -> dict[str, str]:
        return {
            name: digest(closure(*modules, root=tmp_path), tmp_path)
            for name, modules in entries().items()
        }

    def edited(file: str) -> set[str]:
        before = hashes()
        path = tmp_path / file
        path.write_text(path.read_text(encoding="utf-8") + "# a comment\n", encoding="utf-8")
        return {name for name, text in hashes().items() if text != before[name]}

    return edited


@pytest.mark.parametrize(
    ("file", "stale"),
    [
        (
            "stages/train/models/e2ep/loss.py",
            {
                f"{stage}-{name}"
                for stage in ("train", "probe")
                for name in ("e2ep", "e2epfacts", "e2epraw")
            },
        ),
        ("stages/train/models/itemknn.py", {"train-itemknn", "probe-itemknn"}),
        ("stages/train/models/pairwise/ngcf.py", {"train-ngcf", "probe-ngcf"}),
        ("stages/rerank/strategies/scored.py", {"rerank-scored"}),
        ("stages/rerank/bradley_terry.py", {"rerank-batched", "rerank-tournament"}),
        ("stages/probe/deletion.py", {name for name in entries() if name.startswith("probe-")}),
        ("stages/evaluate/protocols/full.py", {"evaluate"}),
        ("stages/report/templates/style.css", {"report"}),
        ("stages/embed/texts.py", {"embed"}),
    ],
)
def test_an_edit_makes_stale_what_imports_the_file_and_nothing_else(
    stale_after: Edited, file: str, stale: set[str]
) -> None:
    assert stale_after(file) == stale


def test_what_every_stage_imports_makes_all_of_them_stale(stale_after: Edited) -> None:
    assert stale_after("stages/core/errors.py") == set(entries())


def test_a_provider_that_is_imported_by_name_counts_for_all_that_ask() -> None:
    asking = ("profile", "rerank-scored", "compare")
    provider = ROOT / "stages/llm/providers/gemini.py"
    assert all(provider in closure(*entries()[name]) for name in asking)


def test_packages_above_count_and_what_is_only_mentioned_does_not(tmp_path: Path) -> None:
    for name, text in {
        "stages/__init__.py": "",
        "stages/a/__init__.py": "",
        "stages/a/run.py": "import os\nfrom stages.b.deep import name, part\n",
        "stages/b/__init__.py": "",
        "stages/b/deep/__init__.py": "name = 1\n",
        "stages/b/deep/part.py": "def late():\n    import stages.c\n",
        "stages/b/other.py": "",
        "stages/c.py": "NOTE = 'from stages.b import other'\n",
        "stages/b/deep/data/table.csv": "",
        "stages/b/deep/.hidden": "",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert [
        path.relative_to(tmp_path).as_posix() for path in closure("stages.a.run", root=tmp_path)
    ] == [
        "stages/__init__.py",
        "stages/a/__init__.py",
        "stages/a/run.py",
        "stages/b/__init__.py",
        "stages/b/deep/__init__.py",
        "stages/b/deep/data/table.csv",
        "stages/b/deep/part.py",
        "stages/c.py",
    ]


def test_the_stage_which_every_edit_runs_imports_nothing_heavy() -> None:
    heavy = {"numpy", "pandas", "pyarrow", "pydantic", "torch", "yaml"}
    probe = f"import sys, stages.code.__main__; print(*sorted({heavy} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", probe], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert done.stdout.strip() == ""


def test_prompts_and_price_lists_count_too() -> None:
    counted = closure(*entries()["rerank-scored"])
    assert ROOT / "stages/rerank/prompts/scores.md" in counted
    assert ROOT / "stages/llm/prices/prices.csv" in counted


def test_every_dependency_on_code_of_dvc_yaml_is_written() -> None:
    """With each name that there is in the place of ${item.model} and its like."""
    listed = {
        dep
        for entry in STAGES.values()
        for dep in entry["deps"]
        if dep.startswith("artifacts/code/")
    }
    patterns = [re.sub(r"\\\$\\\{item\\\.\w+\\\}", r"\\w+", re.escape(dep)) for dep in listed]
    written = [f"artifacts/code/{name}.txt" for name in entries()]
    assert all(any(re.fullmatch(pattern, path) for path in written) for pattern in patterns)
    assert all(any(re.fullmatch(pattern, path) for pattern in patterns) for path in written)
