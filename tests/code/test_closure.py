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
from stages.core.errors import InputError

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


def of_model(name: str) -> set[str]:
    """What an edit of a model's own file makes stale."""
    return {f"{stage}-{name}" for stage in ("train", "train-further", "probe")}


@pytest.mark.parametrize(
    ("file", "stale"),
    [
        (
            "stages/train/models/e2ep/loss.py",
            of_model("e2ep") | of_model("e2epfacts") | of_model("e2epraw"),
        ),
        (
            "stages/train/models/itemknn.py",
            {"train-itemknn", "train-further-itemknn", "probe-itemknn"},
        ),
        (
            "stages/train/models/pairwise/ngcf.py",
            {"train-ngcf", "train-further-ngcf", "probe-ngcf"},
        ),
        ("stages/rerank/strategies/scored.py", {"rerank-scored"}),
        ("stages/rerank/bradley_terry.py", {"rerank-batched", "rerank-tournament"}),
        ("stages/probe/deletion.py", {name for name in entries() if name.startswith("probe-")}),
        (
            "stages/train/further.py",
            {name for name in entries() if name.startswith("train-further-")},
        ),
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


def written(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")


def of_run(root: Path) -> list[str]:
    """The closure of stages.a.run, without the files of packages."""
    files = closure("stages.a.run", root=root)
    names = [path.relative_to(root / "stages").as_posix() for path in files]
    return [name for name in names if not name.endswith("__init__.py")]


PACKAGES = {f"stages/{name}__init__.py": "" for name in ("", "a/", "b/", "b/deep/")}


def test_packages_above_count_and_what_is_only_mentioned_does_not(tmp_path: Path) -> None:
    files = {
        "stages/a/run.py": "import os\nfrom stages.b.deep import name, part\n",
        "stages/b/deep/part.py": "def late():\n    import stages.c\n",
        "stages/b/other.py": "",
        "stages/c.py": "NOTE = 'from stages.b import other'\n",
        "stages/b/deep/data/table.csv": "",
        "stages/b/deep/.hidden": "",
    }
    written(tmp_path, PACKAGES | files)
    assert of_run(tmp_path) == ["a/run.py", "b/deep/data/table.csv", "b/deep/part.py", "c.py"]
    packages = {path for path in closure("stages.a.run", root=tmp_path) if path.stem == "__init__"}
    assert packages == {tmp_path / name for name in PACKAGES}


@pytest.mark.parametrize(
    ("code", "counted"),
    [
        ("from .near import x", ["a/near.py", "a/run.py"]),
        ("from . import near", ["a/near.py", "a/run.py"]),
        ("from ..b.other import x", ["a/run.py", "b/other.py"]),
        ("import_module('stages.b.other')", ["a/run.py", "b/other.py"]),
        ("importlib.import_module('stages.b.other')", ["a/run.py", "b/other.py"]),
        ("import_module(f'stages.b.{x}')", ["a/run.py", "b/deep/part.py", "b/other.py"]),
        ("import_module(variants('stages.b', 'MODEL')[x])", ["a/run.py"]),
        ("import_module('json')", ["a/run.py"]),
        ("f''", ["a/run.py"]),
        ("def broken(:", ["a/run.py"]),
    ],
)
def test_every_form_of_import_counts(tmp_path: Path, code: str, counted: list[str]) -> None:
    files = dict.fromkeys(("stages/a/near.py", "stages/b/other.py", "stages/b/deep/part.py"), "")
    written(tmp_path, PACKAGES | files | {"stages/a/run.py": f"{code}\n"})
    assert of_run(tmp_path) == counted


def test_an_import_by_a_name_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    written(tmp_path, PACKAGES | {"stages/a/run.py": "import os\nimport_module(os.environ['X'])\n"})
    with pytest.raises(InputError, match=r"run\.py, line 2: import_module gets a name"):
        of_run(tmp_path)


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
