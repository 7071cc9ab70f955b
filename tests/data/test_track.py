"""`--track`: what DVC is given, and a folder that it does not govern."""

import subprocess
import sys
from pathlib import Path

import pytest

from stages.core.errors import InputError
from stages.data.track import require_dvc, track


def run(folder: Path, *command: str) -> str:
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def repository(root: Path) -> Path:
    """A Git and DVC repository whose data folder is ignored as the project's is."""
    project = root.parent
    run(project, "git", "init", "--quiet")
    run(project, sys.executable, "-m", "dvc", "init", "--quiet")
    return project


def test_a_set_is_versioned_although_git_ignores_its_folder(repository: Path) -> None:
    ignored = (repository / "data" / ".gitignore").read_text()
    assert track(Path("data/kept"), repository) == Path("data/kept.dvc")
    assert "path: kept" in (repository / "data" / "kept.dvc").read_text()
    assert (repository / "data" / ".gitignore").read_text() == ignored
    assert "data/kept.dvc" in run(repository, "git", "status", "--short", "--untracked-files=all")


def test_a_folder_without_dvc_is_refused(root: Path) -> None:
    with pytest.raises(InputError, match="--track needs a DVC repository"):
        require_dvc(root)


def test_the_refusal_of_dvc_is_passed_on(repository: Path) -> None:
    with pytest.raises(InputError, match="`dvc add data/none` failed: "):
        track(Path("data/none"), repository)
