"""A folder without Git or without the sample is made ready for a run, and says so once."""

import shutil
import subprocess
from pathlib import Path

import pytest

from e2ep_cli.checks import repository
from e2ep_cli.project.ready import allow_no_git, fetch_sample
from stages.core.errors import MissingError
from stages.data.unchanged import require_unchanged

ROOT = Path(__file__).parents[3]
LOCAL = Path(".dvc/config.local")


@pytest.fixture
def unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What a ZIP of the repository holds of DVC."""
    monkeypatch.setenv("DVC_SITE_CACHE_DIR", str(tmp_path / "site"))
    folder = tmp_path / "project"
    (folder / ".dvc").mkdir(parents=True)
    for name in ("data.dvc", ".dvcignore", ".dvc/config"):
        shutil.copy(ROOT / name, folder / name)
    shutil.copytree(ROOT / ".dvc" / "remote", folder / ".dvc" / "remote")
    return folder


def test_the_sample_is_fetched_without_git(
    unpacked: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fetch_sample(unpacked, "sample")
    require_unchanged(unpacked / "data/sample")
    lines = capsys.readouterr().err.splitlines()
    assert ["config.local" in line for line in lines] == [True, False]
    assert "fetching it from .dvc/remote" in lines[1]
    fetch_sample(unpacked, "sample")
    allow_no_git(unpacked)
    assert capsys.readouterr().err == ""


def test_a_git_repository_needs_no_setting(unpacked: Path) -> None:
    subprocess.run(["git", "init", "--quiet"], cwd=unpacked, check=True)
    fetch_sample(unpacked, "sample")
    require_unchanged(unpacked / "data/sample")
    assert not (unpacked / LOCAL).exists()


def test_a_persons_own_settings_stay(unpacked: Path) -> None:
    (unpacked / LOCAL).write_text(
        "['remote \"mine\"']\n    url = /mine\n[core]\n    analytics = true\n"
    )
    allow_no_git(unpacked)
    text = (unpacked / LOCAL).read_text()
    assert all(line in text for line in ("url = /mine", "analytics = true", "no_scm = true"))
    assert text.count("[core]") == 1


def test_another_data_set_is_not_fetched(unpacked: Path) -> None:
    fetch_sample(unpacked, "ml-100k")
    assert not (unpacked / "data").exists()


def test_what_stops_it_is_one_sentence(unpacked: Path) -> None:
    shutil.rmtree(unpacked / ".dvc" / "remote")
    with pytest.raises(
        MissingError, match=r"^`dvc pull --quiet data\.dvc` failed in .*; run `e2ep doctor`$"
    ):
        fetch_sample(unpacked, "sample")


def test_to_the_doctor_no_git_is_worth_knowing_and_no_fault(unpacked: Path) -> None:
    git, remote = repository.check(unpacked)
    assert (git.state, remote.state) == ("note", "fine")
