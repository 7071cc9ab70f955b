"""Nothing is deleted, overwritten or mixed by runs beside the project's own."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.conftest import Clone
from tests.end_to_end.test_served import small
from tests.patience import patient

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("end to end")]

QUICK = [
    word
    for setting in (
        "models=[popularity]",
        "strategies=[none]",
        "rerank.bases=[popularity]",
        "rerank.reasons.strategies=[none]",
    )
    for word in ("--set", setting)
]


def left(clone: Clone) -> dict[str, tuple[bytes, float]]:
    """Every file of the project's own run, with its time."""
    kept = ("artifacts", "metrics", "params.yaml", "dvc.lock", "data.dvc", "report.html")
    files = [path for name in kept for path in (clone.folder / name, *clone.folder.rglob("*"))]
    return {
        str(path): (path.read_bytes(), path.stat().st_mtime)
        for path in files
        if path.is_file() and path.relative_to(clone.folder).parts[0] in kept
    }


@pytest.fixture(scope="module")
def beside(finished: Clone) -> Iterator[tuple[Clone, str]]:
    """A quick run beside the project's own, under the name `quick`; what it printed."""
    before, status = left(finished), finished.status()
    said = finished.ok("e2ep", "run", *QUICK, "--run", "quick")
    assert left(finished) == before
    assert finished.status() == status
    yield finished, said
    finished.ok("e2ep", "run", "--remove", "quick")
    assert not (finished.folder / "runs/quick").exists()


def test_its_numbers_and_report_are_its_own(beside: tuple[Clone, str]) -> None:
    clone, said = beside
    folder = clone.folder / "runs/quick"
    numbers = json.loads((folder / "metrics/sample/headline.json").read_text())["ndcg"]
    assert "popularity" in numbers
    assert "e2ep" not in numbers
    assert str(folder / "report.html") in said
    assert (folder / "report.html").is_file()


def test_it_repeats_no_stage_that_the_project_has_cached(beside: tuple[Clone, str]) -> None:
    assert "embed-items@sample" not in beside[1]
    assert "evaluate@sample" in beside[1]


def test_it_is_listed_with_its_settings_and_numbers(beside: tuple[Clone, str]) -> None:
    said = beside[0].ok("e2ep", "run", "--list")
    assert "main" in said
    assert "quick" in said
    assert "complete" in said


def test_readers_name_the_run_that_they_show(beside: tuple[Clone, str]) -> None:
    clone = beside[0]
    own = clone.run("e2ep", "explain", "--user", "42")
    other = clone.run("e2ep", "explain", "--user", "42", "--run", "quick")
    assert own.stderr.startswith("run main · ")
    assert "complete" in own.stderr
    assert other.stderr.startswith("run quick (models=")
    assert "· popularity" in other.stdout
    assert "· popularity" not in own.stdout
    same = clone.ok("e2ep", "explain", "--user", "42", *QUICK, "--json")
    assert json.loads(same)["model"] == "popularity"


def test_the_gate_sees_what_it_changes(beside: tuple[Clone, str]) -> None:
    done = beside[0].run("e2ep", "gate", "--run", "quick")
    assert done.returncode == 1
    assert "changes are failures" in done.stdout


def test_publishing_is_a_command_of_its_own(finished: Clone) -> None:
    small(finished)
    (finished.folder / "items.csv").unlink()
    (finished.folder / "rated.csv").unlink()
    before = left(finished)
    words = ("e2ep", "run", "--dataset", "tiny", *QUICK)
    finished.ok(*words)
    assert left(finished) == before
    said = finished.ok(*words, "--publish")
    published = finished.folder / "metrics/tiny"
    try:
        assert "metrics/tiny: 10 files published" in said
        (own,) = (finished.folder / "runs").glob("tiny-*/metrics/tiny")
        for file in own.iterdir():
            assert (published / file.name).read_bytes() == file.read_bytes()
    finally:
        shutil.rmtree(published)
    assert left(finished) == before
    done = finished.run("e2ep", "run", *QUICK, "--publish")
    assert done.returncode == 1
    assert "metrics/sample belongs to params.yaml itself" in done.stderr


def test_a_killed_run_changes_nothing_mixes_nothing_and_ends_what_it_started(
    finished: Clone,
) -> None:
    before, status = left(finished), finished.status()
    shown = finished.ok("e2ep", "explain", "--user", "42")
    command = [str(Path(sys.executable).with_name("e2ep")), "run", "--set", "seed=8"]
    with subprocess.Popen(
        command,
        cwd=finished.folder,
        env=os.environ | {"PYTHONPATH": str(finished.folder)},
        stdout=subprocess.PIPE,
        text=True,
    ) as run:
        assert run.stdout
        assert any("train@sample-popularity" in line for line in run.stdout)
        run.send_signal(signal.SIGKILL)
        run.wait()
    folder = str(finished.folder / "runs/sample-seed-8")
    deadline = time.monotonic() + patient(30)
    while working_in(folder) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not working_in(folder)
    assert left(finished) == before
    assert finished.status() == status
    assert finished.ok("e2ep", "explain", "--user", "42") == shown
    half = finished.run("e2ep", "explain", "--user", "42", "--set", "seed=8")
    assert half.returncode == 1
    assert "`e2ep run --run sample-seed-8`" in half.stderr
    assert finished.ok("e2ep", "prepare", "--set", "seed=8") is not None
    finished.ok("e2ep", "run", "--remove", "sample-seed-8")
    assert left(finished) == before


def working_in(folder: str) -> list[str]:
    """Processes whose working folder is this one."""
    places = Path("/proc").glob("[0-9]*/cwd")
    return [str(place) for place in places if _target(place) == folder]


def _target(place: Path) -> str:
    try:
        return os.readlink(place)
    except OSError:
        return ""


@pytest.mark.parametrize("command", [("e2ep", "run"), ("dvc", "repro")])
def test_an_edit_of_the_sample_is_refused_and_restored_as_the_message_says(
    finished: Clone, command: tuple[str, ...]
) -> None:
    ratings, versioned = finished.folder / "data/sample/ratings.csv", finished.folder / "data.dvc"
    before, hashes = ratings.read_bytes(), versioned.read_bytes()
    lock = (finished.folder / "dvc.lock").read_bytes()
    ratings.chmod(0o644)
    ratings.write_bytes(before.replace(b",5,", b",4,", 1))
    done = finished.run(*command)
    said = done.stdout + done.stderr
    assert done.returncode != 0
    assert "data/sample/ratings.csv is not the one that was added" in said
    assert "`git checkout data.dvc` and `dvc pull --force data.dvc` restore it" in said
    if command == ("e2ep", "run"):
        assert versioned.read_bytes() == hashes
    finished.ok("git", "checkout", "data.dvc")
    finished.ok("dvc", "pull", "--force", "data.dvc")
    assert (ratings.read_bytes(), versioned.read_bytes()) == (before, hashes)
    (finished.folder / "dvc.lock").write_bytes(lock)
    finished.ok("dvc", "checkout", "-q")
    assert "Running stage" not in finished.ok("dvc", "repro")
