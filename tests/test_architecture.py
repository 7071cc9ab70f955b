"""Imports run strictly down, and dvc.yaml lists every file that a stage uses."""

import ast
import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from stages.llm.prompt import read_prompt

ROOT = Path(__file__).parents[1]
MODULES = sorted([*ROOT.glob("stages/**/*.py"), *ROOT.glob("e2ep_cli/**/*.py")])
SHARED = {"core": 0, "llm": 1, "data": 1, "metrics": 1}
STAGES = yaml.safe_load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))["stages"]
PROMPTS = sorted(ROOT.glob("stages/*/prompts/*.md"))
VARIANTS = {"train": "models", "rerank": "strategies"}


def imported(path: Path) -> Iterator[str]:
    """Names of our modules that a file imports, at any depth of its code."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if is_ours(alias.name))
        elif isinstance(node, ast.ImportFrom) and node.module and is_ours(node.module):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def is_ours(name: str) -> bool:
    return name.split(".")[0] in ("stages", "e2ep_cli")


def file_of(name: str) -> Path:
    """The file of a module, or of the module that a name stands in."""
    for parts in (name.split("."), name.split(".")[:-1]):
        stem = ROOT.joinpath(*parts)
        for path in (stem.with_suffix(".py"), stem / "__init__.py"):
            if path.exists():
                return path
    raise AssertionError(f"{name} is no module of ours")


def rank(path: Path) -> int:
    parts = path.relative_to(ROOT).parts
    return 3 if parts[0] == "e2ep_cli" else SHARED.get(parts[1], 2)


def is_upward_or_sideways(importer: Path, target: Path) -> bool:
    own, other = (path.relative_to(ROOT).parts[:2] for path in (importer, target))
    if own[0] == other[0] == "e2ep_cli" or own == other or other[1] == "__init__.py":
        return False
    return rank(target) >= rank(importer)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_run_down(path: Path) -> None:
    wrong = [name for name in imported(path) if is_upward_or_sideways(path, file_of(name))]
    assert not wrong


def test_an_upward_import_would_be_seen() -> None:
    assert is_upward_or_sideways(ROOT / "stages/core/ids.py", ROOT / "stages/train/data.py")
    assert is_upward_or_sideways(ROOT / "stages/rerank/judge.py", ROOT / "stages/train/data.py")
    assert not is_upward_or_sideways(ROOT / "stages/rerank/judge.py", ROOT / "stages/core/ids.py")


def used_by(start: list[Path]) -> set[Path]:
    """All files that these files import, directly or not; packages that hold a docstring alone do not count."""
    seen: set[Path] = set()
    waiting = list(start)
    while waiting:
        path = waiting.pop()
        if path not in seen:
            seen.add(path)
            waiting += [file_of(name) for name in imported(path)]
    return {
        path for path in seen if len(ast.parse(path.read_text(encoding="utf-8")).body) > 1 or path.stem != "__init__"
    }


def entries(stage: str) -> Iterator[tuple[str, list[Path]]]:
    """For each variant of a stage: what ${item.…} stands for, and the files that are run."""
    module = re.search(r"-m (stages[.\w]+)", STAGES[stage]["cmd"])
    assert module
    place = ROOT.joinpath(*module[1].split("."))
    main = place / "__main__.py" if place.is_dir() else place.with_suffix(".py")
    kind = VARIANTS.get(stage.removesuffix("-further"))
    files = sorted((main.parent / kind).glob("[!_]*.py")) if kind else []
    starts = [main, main.parent / "__main__.py"]
    yield from ((path.stem, [*starts, path]) for path in files) if files else [("", [main])]


@pytest.mark.parametrize("stage", STAGES)
def test_dvc_yaml_lists_every_file_that_a_stage_uses(stage: str) -> None:
    for variant, start in entries(stage):
        listed = [re.sub(r"\$\{item\.(model|strategy)\}", variant, dep) for dep in STAGES[stage]["deps"]]
        covered = [ROOT / dep for dep in listed if dep.startswith("stages/")]
        missing = [path for path in used_by(start) if not any(path == dep or dep in path.parents for dep in covered)]
        assert not missing


@pytest.mark.parametrize("stage", STAGES)
def test_dvc_yaml_lists_no_code_that_is_not_there(stage: str) -> None:
    code = [dep for dep in STAGES[stage]["deps"] if dep.startswith("stages/") and "${" not in dep]
    assert all((ROOT / dep).exists() for dep in code)


def test_the_cli_starts_without_heavy_modules() -> None:
    import subprocess
    import sys

    probe = (
        "import sys, e2ep_cli.main; print(*sorted({'torch', 'pandas', 'numpy', 'pyarrow', 'dvc'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == ""


def test_params_are_read_by_the_stage_of_their_name() -> None:
    params = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
    sections = [name for name, value in params.items() if isinstance(value, dict)]
    assert all((ROOT / "stages" / name / "params.py").exists() for name in sections if name != "further")


def test_readme_has_a_row_for_every_stage() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert rows == list(dict.fromkeys(name.partition("-")[0] for name in STAGES))


@pytest.mark.parametrize("prompt", PROMPTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_prompt_is_a_versioned_file_and_a_dependency_of_its_stage(prompt: Path) -> None:
    stage = prompt.parents[1].name
    commands = {name: one for name, one in STAGES.items() if f"-m stages.{stage} " in one["cmd"]}
    assert commands
    for one in commands.values():
        assert any(ROOT / dep in prompt.parents for dep in one["deps"])
    assert re.fullmatch(rf"{prompt.stem}-\d+", read_prompt(prompt).version)


def test_a_changed_prompt_has_a_new_version() -> None:
    """After a change: raise the version on its first line, and note it in tests/prompts.json beside its sha256."""
    told = {
        read_prompt(prompt).version: hashlib.sha256(read_prompt(prompt).text.encode()).hexdigest() for prompt in PROMPTS
    }
    assert told == json.loads((ROOT / "tests" / "prompts.json").read_text())


def test_prompts_are_package_data() -> None:
    import tomllib

    setup = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    assert "prompts/*.md" in setup["package-data"]["*"]
    assert {path.parents[1].name for path in PROMPTS} == {"compare", "profile", "rerank"}
