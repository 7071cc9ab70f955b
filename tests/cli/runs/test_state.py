"""A run knows what made its parts: a small pipeline under real DVC, stopped half-way and edited."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from e2ep_cli.runs.alone import is_at_work, working_alone
from e2ep_cli.runs.folder import make_folder
from e2ep_cli.runs.lock import read_lock
from e2ep_cli.runs.publishing import require_publishable
from e2ep_cli.runs.run import main_run, run_for
from e2ep_cli.runs.state import described, require_whole, state_of
from stages.core.errors import DamagedError, InputError, MissingError

DVC_YAML = """
stages:
  train:
    matrix: {dataset: ["${dataset}"]}
    cmd: mkdir -p artifacts/train && echo ${seed} > artifacts/train/model
    params: [seed]
    outs: [artifacts/train]
  explain:
    matrix: {dataset: ["${dataset}"]}
    cmd: (cat artifacts/train/model; echo ${k}) > artifacts/explained
    deps: [artifacts/train/model]
    params: [k]
    outs: [artifacts/explained]
"""


def dvc(folder: Path, *words: str) -> int:
    return subprocess.run(
        [sys.executable, "-m", "dvc", *words], cwd=folder, capture_output=True
    ).returncode


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both stages run."""
    folder = tmp_path_factory.mktemp("made")
    assert dvc(folder, "init", "--no-scm", "-q") == 0
    (folder / "dvc.yaml").write_text(DVC_YAML)
    (folder / "params.yaml").write_text("dataset: tiny\nseed: 7\nk: 3\n")
    assert dvc(folder, "repro") == 0
    return folder


@pytest.fixture
def project(made: Path, tmp_path: Path) -> Path:
    """A copy of it, with the times of its files."""
    return Path(shutil.copytree(made, tmp_path / "project"))


def edit(project: Path, text: str) -> None:
    (project / "params.yaml").write_text(f"dataset: tiny\n{text}\n")


def test_a_finished_run_is_complete(project: Path) -> None:
    state = state_of(main_run(project))
    assert state.is_complete
    assert state.changed == {}
    require_whole(main_run(project), ["explain@tiny"])


def test_an_edit_of_params_yaml_is_named_with_both_values(project: Path) -> None:
    edit(project, "seed: 8\nk: 3")
    state = state_of(main_run(project))
    assert state.changed == {"seed": (7, 8)}
    assert "params.yaml has changed since (seed 7 → 8): `e2ep run`" in state.in_words("e2ep run")
    require_whole(main_run(project), ["explain@tiny"])


def test_parts_of_two_runs_are_refused_with_the_command_that_completes_them(project: Path) -> None:
    edit(project, "seed: 8\nk: 3")
    assert dvc(project, "repro", "train@tiny") == 0
    run = main_run(project)
    assert not state_of(run).is_complete
    require_whole(run, ["train@tiny"])
    with pytest.raises(
        DamagedError,
        match="explain@tiny was made from another artifacts/train/model; `e2ep run` completes it",
    ):
        require_whole(run, ["explain@tiny"])
    assert dvc(project, "repro") == 0
    assert state_of(run).is_complete
    require_whole(run, ["explain@tiny"])


def test_an_output_that_was_deleted_is_not_shown(project: Path) -> None:
    shutil.rmtree(project / "artifacts/train")
    with pytest.raises(DamagedError, match="train@tiny is not there as it was made"):
        require_whole(main_run(project), ["explain@tiny"])


def test_what_a_killed_stage_wrote_is_not_taken_for_what_is_recorded(project: Path) -> None:
    (project / "artifacts/explained").write_text("8\n4\n")
    now = (project / "dvc.lock").stat().st_mtime + 1
    os.utime(project / "artifacts/explained", (now, now))
    assert state_of(main_run(project)).unfinished == ["explain@tiny"]
    with pytest.raises(DamagedError, match="explain@tiny is not there as it was made"):
        require_whole(main_run(project), ["explain@tiny"])


def test_a_file_that_was_only_touched_is_still_the_recorded_one(project: Path) -> None:
    later = (project / "dvc.lock").stat().st_mtime + 1
    os.utime(project / "artifacts/explained", (later, later))
    assert state_of(main_run(project)).is_complete


def test_without_a_lock_nothing_was_made(tmp_path: Path) -> None:
    assert read_lock(tmp_path, tmp_path) is None


def test_a_record_that_git_brought_back_is_not_taken_for_what_is_there(project: Path) -> None:
    """As after `git checkout params.yaml dvc.lock`: the record is newer than every file."""
    recorded = (project / "dvc.lock").read_bytes()
    edit(project, "seed: 8\nk: 3")
    assert dvc(project, "repro") == 0
    edit(project, "seed: 7\nk: 3")
    (project / "dvc.lock").write_bytes(recorded)
    assert not state_of(main_run(project)).is_complete
    with pytest.raises(DamagedError, match="is not there as it was made; `e2ep run` completes it"):
        require_whole(main_run(project), ["explain@tiny"])


def test_a_run_says_what_params_yaml_has_come_to_say_since(project: Path) -> None:
    (project / ".dvcignore").touch()
    for name in ("stages", "data"):
        (project / name).mkdir()
    run = run_for(project, {"k": 4})
    make_folder(run)
    assert dvc(run.folder, "repro") == 0
    assert state_of(run).changed == {}
    edit(project, "seed: 12\nk: 3")
    assert state_of(run).changed == {"seed": (7, 12)}
    assert "params.yaml has changed since (seed 7 → 12)" in described(run)


def test_a_run_in_progress_is_said_to_be_and_is_not_removed_or_started_again(
    project: Path,
) -> None:
    run = main_run(project)
    with working_alone(run):
        assert state_of(run).in_words("x") == "in progress"
        shutil.rmtree(project / "artifacts/train")
        with pytest.raises(MissingError, match="run main is being made"):
            require_whole(run, ["explain@tiny"])
        with pytest.raises(InputError, match="another e2ep run"), working_alone(run):
            pass
    assert not is_at_work(run)


def test_the_numbers_of_params_yaml_are_not_replaced_by_another_run(project: Path) -> None:
    require_publishable(main_run(project))
    require_publishable(run_for(project, {"dataset": "shop"}))
    with pytest.raises(
        InputError, match=r"metrics/tiny belongs to params\.yaml itself.*put .* \(.*k=4\)"
    ):
        require_publishable(run_for(project, {"k": 4}))


def test_of_a_half_made_run_the_stages_that_are_shown_count(project: Path) -> None:
    """As after `kill -9`: train was made with the new seed, explain was not."""
    edit(project, "seed: 9\nk: 4")
    assert dvc(project, "repro", "train@tiny") == 0
    run = main_run(project)
    assert state_of(run, ["train@tiny"]).changed == {}
    assert state_of(run, ["explain@tiny"]).changed == {"k": (3, 4)}
    assert "not complete (explain@tiny)" in described(run, ["train@tiny"])


@pytest.mark.parametrize("text", ["<<<<<<< HEAD\nstages: {\n=======\n", "- a list\n"])
def test_a_record_that_a_merge_has_damaged_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "dvc.lock").write_text(text)
    with pytest.raises(DamagedError, match=r"dvc\.lock is not what DVC writes.*git checkout"):
        read_lock(tmp_path, tmp_path)
