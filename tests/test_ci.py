"""What CI runs: pinned, with few rights, and a look at the pipeline's state that needs no data."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
WORKFLOWS = {
    path.name: yaml.safe_load(path.read_text())
    for path in sorted((ROOT / ".github/workflows").glob("*.yml"))
}
STEPS = [
    step for flow in WORKFLOWS.values() for job in flow["jobs"].values() for step in job["steps"]
]
STAGE = "stages:\n  copy:\n    cmd: cp in out\n    deps: [in]\n    outs: [out]\n"


def test_every_action_is_pinned_to_a_commit() -> None:
    used = [step["uses"] for step in STEPS if "uses" in step]
    assert used
    assert all(re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", name) for name in used)


def test_only_the_job_that_comments_may_write_and_only_comments() -> None:
    assert all(flow["permissions"] == {"contents": "read"} for flow in WORKFLOWS.values())
    more = {
        name: job["permissions"]
        for flow in WORKFLOWS.values()
        for name, job in flow["jobs"].items()
        if "permissions" in job
    }
    assert more == {"stale": {"contents": "read", "pull-requests": "write"}}


def test_no_script_is_filled_in_with_what_a_pull_request_says() -> None:
    assert not [step["run"] for step in STEPS if "${{" in step.get("run", "")]


def test_make_targets_and_scripts_that_ci_runs_are_there() -> None:
    makefile = (ROOT / "Makefile").read_text()
    scripts = "\n".join(step.get("run", "") for step in STEPS)
    targets, files = re.findall(r"\bmake (\w+)", scripts), re.findall(r"\.ci/\w+", scripts)
    assert (targets, files) == (["gate"], [".ci/run", ".ci/stale"])
    assert all(f"\n{target}:" in makefile for target in targets)
    assert all(os.access(ROOT / file, os.X_OK) for file in files)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A DVC project of one stage that has run, and whose data then went."""
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci/stale", tmp_path / ".ci/stale")
    (tmp_path / "dvc.yaml").write_text(STAGE)
    (tmp_path / "in").write_text("a")
    for words in (["init", "--no-scm", "--quiet"], ["repro", "--quiet"]):
        subprocess.run([sys.executable, "-m", "dvc", *words], cwd=tmp_path, check=True)
    (tmp_path / "out").unlink()
    return tmp_path


def look(folder: Path) -> "subprocess.CompletedProcess[str]":
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        [folder / ".ci/stale"], env=os.environ | {"PATH": path}, capture_output=True, text=True
    )


def test_a_fresh_pipeline_is_told_without_its_data(folder: Path) -> None:
    (folder / "in").unlink()
    done = look(folder)
    assert (done.returncode, done.stdout) == (0, "The pipeline is up to date.\n")


def test_a_stale_stage_is_named_with_the_remedy(folder: Path) -> None:
    (folder / "in").write_text("b")
    done = look(folder)
    assert done.returncode == 1
    assert "- `copy`" in done.stdout
    assert "e2ep run" in done.stdout


def test_a_pipeline_that_cannot_be_read_is_neither(folder: Path) -> None:
    (folder / "dvc.yaml").write_text("stages: 3")
    done = look(folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert "dvc.yaml" in done.stderr


BY_CODE = """stages:
  code:
    cmd: mkdir -p hashes && cp source/* hashes
    deps: [source]
    outs: [hashes]
  one:
    cmd: cp hashes/one out-one
    deps: [hashes/one]
    outs: [out-one]
  two:
    cmd: cp hashes/two out-two
    deps: [hashes/two]
    outs: [out-two]
"""


def test_an_edit_names_the_stages_whose_code_it_is_and_leaves_the_lock_as_it_was(
    folder: Path,
) -> None:
    (folder / "source").mkdir()
    for name in ("one", "two"):
        (folder / "source" / name).write_text(name)
    (folder / "dvc.yaml").write_text(BY_CODE)
    subprocess.run([sys.executable, "-m", "dvc", "repro", "--quiet"], cwd=folder, check=True)
    lock = (folder / "dvc.lock").read_bytes()
    shutil.rmtree(folder / "hashes")
    (folder / "source/one").write_text("edited")
    done = look(folder)
    assert (done.returncode, re.findall(r"^- `(\w+)`", done.stdout, re.MULTILINE)) == (
        1,
        ["code", "one"],
    )
    assert (folder / "dvc.lock").read_bytes() == lock


def test_the_hooks_before_a_commit_run_what_make_check_runs() -> None:
    (repo,) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    hooks = [hook["entry"].replace(" --force-exclude", "") for hook in repo["hooks"]]
    recipe = (ROOT / "Makefile").read_text().partition("\ncheck:")[2].partition("\n\n")[0]
    commands = re.findall(r"^\t\$\(BIN\)/(.+)$", recipe, re.MULTILINE)
    assert [f".venv/bin/{command.removesuffix(' .')}" for command in commands] == hooks
