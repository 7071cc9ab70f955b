"""`e2ep doctor` on copies of the project's small files, one of them healthy and one not."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from e2ep_cli.checks import data, repository
from e2ep_cli.checks.diagnosis import Diagnosis, safely
from e2ep_cli.checks.examine import examine
from stages.core.errors import MissingError
from tests.patience import patient

ROOT = Path(__file__).parents[3]
FILES = (
    "params.yaml",
    "dvc.yaml",
    "pyproject.toml",
    "constraints.txt",
    "data.dvc",
    ".dvcignore",
    ".dvc/config",
)
KEY = "sk-a-key-that-must-stay-secret"


def copied(folder: Path) -> Path:
    """The project's small files and the remote inside it, as a new Git repository."""
    (folder / ".dvc").mkdir(parents=True)
    for name in FILES:
        shutil.copy(ROOT / name, folder / name)
    shutil.copytree(ROOT / ".dvc" / "remote", folder / ".dvc" / "remote")
    subprocess.run(["git", "init", "--quiet"], cwd=folder, check=True)
    return folder


def with_sample(folder: Path) -> Path:
    if not (ROOT / "data" / "sample").is_dir():
        pytest.skip("data/sample was not pulled; `dvc pull data.dvc` gets it")
    shutil.copytree(ROOT / "data" / "sample", folder / "data" / "sample")
    return folder


def replaced(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def doctor(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    program = "from e2ep_cli.main import main; main()"
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "DVC_SITE_CACHE_DIR": str(folder / ".dvc" / "site"),
        "OPENAI_API_KEY": KEY,
        "TMDB_API_KEY": "",
    }
    command = [sys.executable, "-c", program, "doctor", *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=patient(120)
    )


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> "subprocess.CompletedProcess[str]":
    return doctor(with_sample(copied(tmp_path_factory.mktemp("well") / "project")), "--json")


@pytest.fixture(scope="module")
def sick(tmp_path_factory: pytest.TempPathFactory) -> "subprocess.CompletedProcess[str]":
    """Without data, and with a typo in a parameter."""
    folder = copied(tmp_path_factory.mktemp("sick") / "project")
    replaced(folder / "params.yaml", "valid_share:", "valid_shore:")
    return doctor(folder)


def test_a_healthy_project_passes(healthy: "subprocess.CompletedProcess[str]") -> None:
    faults = [row for row in json.loads(healthy.stdout) if row["state"] == "fault"]
    assert (faults, healthy.returncode, healthy.stderr) == ([], 0, "")


def test_stages_without_artifacts_are_stale_and_run_makes_them(
    healthy: "subprocess.CompletedProcess[str]",
) -> None:
    row = next(row for row in json.loads(healthy.stdout) if row["what"] == "pipeline")
    assert (row["state"], row["cure"]) == ("note", "e2ep run")
    assert row["finding"].startswith("0 of ")
    assert "prepare@sample" in row["finding"]


def test_a_key_is_set_or_not_and_its_value_is_nowhere(
    healthy: "subprocess.CompletedProcess[str]", sick: "subprocess.CompletedProcess[str]"
) -> None:
    for output in (healthy.stdout, healthy.stderr, sick.stdout, sick.stderr):
        assert KEY[3:] not in "".join(output.split())
    assert "OPENAI_API_KEY set" in healthy.stdout
    assert "TMDB_API_KEY not set" in healthy.stdout


def test_a_sick_project_fails_and_shows_what_cures_it(
    sick: "subprocess.CompletedProcess[str]",
) -> None:
    assert (sick.returncode, sick.stderr) == (1, "")
    assert sick.stdout.count("✗") >= 2
    cures = "".join(
        line.split("│")[-2].strip() + " "
        for line in sick.stdout.splitlines()
        if line.startswith("│")
    )
    assert "dvc pull data.dvc" in " ".join(cures.split())


def test_a_data_set_that_is_not_here_names_its_command(tmp_path: Path) -> None:
    rows = [row for name in ("sample", "ml-1m") for row in data.check(tmp_path, name)]
    assert [(row.state, row.cure) for row in rows] == [
        ("fault", "dvc pull data.dvc"),
        ("fault", "e2ep data add ml-1m"),
    ]


def test_a_changed_byte_of_the_sample_is_a_fault(tmp_path: Path) -> None:
    folder = with_sample(copied(tmp_path / "project"))
    assert data.check(folder, "sample")[0].state == "fine"
    replaced(folder / "data" / "sample" / "users.csv", ",", ";")
    (row,) = data.check(folder, "sample")
    assert (row.state, row.cure) == ("fault", "dvc pull --force data.dvc")
    assert row.finding == "data/sample: users.csv is changed"


def test_a_file_too_many_is_a_note(tmp_path: Path) -> None:
    folder = with_sample(copied(tmp_path / "project"))
    (folder / "data" / "sample" / "notes.txt").write_text("mine")
    (row,) = data.check(folder, "sample")
    assert (row.state, "notes.txt" in row.finding) == ("note", True)


def test_a_folder_without_a_remote(tmp_path: Path) -> None:
    assert [row.state for row in repository.check(copied(tmp_path / "project"))] == ["fine", "fine"]
    replaced(tmp_path / "project" / ".dvc" / "config", "remote = embedded", "")
    assert [row.state for row in repository.check(tmp_path / "project")] == ["fine", "fault"]


def test_a_check_that_breaks_is_a_row() -> None:
    def broken() -> list[Diagnosis]:
        raise ZeroDivisionError("a\nb")

    def missing() -> list[Diagnosis]:
        raise MissingError("it is not there; make it")

    assert safely("x", broken) == [
        Diagnosis("fault", "x", "cannot be checked: ZeroDivisionError: a b")
    ]
    assert safely("x", missing) == [Diagnosis("fault", "x", "it is not there; make it")]


def rows_for(
    folder: Path, monkeypatch: pytest.MonkeyPatch, dataset: str, *changes: str
) -> dict[str, Diagnosis]:
    monkeypatch.chdir(folder)
    monkeypatch.setenv("DVC_SITE_CACHE_DIR", str(folder / ".dvc" / "site"))
    return {row.what: row for row in examine(folder, dataset, changes)}


def test_a_run_of_another_data_set_is_looked_at_in_its_own_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = copied(tmp_path / "project")
    run = folder / "runs" / "mine"
    (run / "artifacts/mine/prepare").mkdir(parents=True)
    (run / ".dvc").mkdir()
    (run / ".dvc" / "config").write_text("[core]\n    no_scm = true\n")
    for name in ("dvc.yaml", "params.yaml"):
        shutil.copy(folder / name, run / name)
    replaced(run / "params.yaml", "dataset: sample", "dataset: mine")
    replaced(run / "params.yaml", "- ease\n", "")
    (run / "run.yaml").write_text("settings: {dataset: mine}\n")
    row = rows_for(folder, monkeypatch, "mine")["pipeline"]
    assert row.finding.startswith("0 of 28 stages of mine up to date")
    assert "prepare@mine" in row.finding
    assert (row.state, row.cure) == ("note", "e2ep run --run mine")


def test_a_data_set_that_was_never_run_is_added_then_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = rows_for(copied(tmp_path / "project"), monkeypatch, "ml-1m")
    assert (rows["data"].state, rows["data"].cure) == ("fault", "e2ep data add ml-1m")
    assert rows["pipeline"] == Diagnosis(
        "note", "pipeline", "ml-1m was not made yet", "e2ep run --dataset ml-1m"
    )


@pytest.mark.parametrize("typed", ["ml1m", "ML_1M"])
def test_a_mistyped_data_set_is_one_fault_and_its_run_is_not_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    rows = rows_for(copied(tmp_path / "project"), monkeypatch, typed)
    faults = [row for row in rows.values() if row.state == "fault"]
    said = f"there is no data set '{typed}'; did you mean ml-1m?"
    assert faults == [Diagnosis("fault", "data", said, "e2ep data list")]
    assert {"estimate", "pipeline"}.isdisjoint(rows)


def test_every_row_is_for_the_run_that_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    changes = (
        "llm.provider=openai",
        "embed.model=some/model",
        "splits=[temporal]",
    )
    rows = rows_for(copied(tmp_path / "project"), monkeypatch, "ml-1m", *changes)
    assert (rows["keys"].state, rows["keys"].cure) == ("fault", "export OPENAI_API_KEY=…")
    assert rows["embedding weights"].finding.startswith("embed.model is some/model")
    assert rows["params.yaml"].finding.startswith("splits: temporal;")


def test_the_doctor_imports_no_torch() -> None:
    program = (
        "import sys; from pathlib import Path; from e2ep_cli.checks.examine import examine; "
        "examine(Path('.').absolute(), None); print('torch' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"


def test_settings_that_were_never_run_are_not_up_to_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = rows_for(copied(tmp_path / "project"), monkeypatch, "sample", "seed=99")["pipeline"]
    assert (row.finding, row.cure) == (
        "a run with these settings was not made yet",
        "e2ep run --dataset sample --set seed=99",
    )
