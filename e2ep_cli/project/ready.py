"""What a run needs of the folder that it finds: DVC without Git, and the embedded sample."""

import subprocess
import sys
from pathlib import Path

from e2ep_cli.project.places import root
from stages.core.errors import MissingError, one_sentence
from stages.core.log import aside
from stages.data.registry.entries import SAMPLE

_LOCAL = Path(".dvc/config.local")


def in_git(folder: Path) -> bool:
    """Whether DVC finds a Git repository at or above `folder`."""
    return any((place / ".git").exists() for place in (folder, *folder.parents))


def allow_no_git(folder: Path) -> None:
    """Let DVC work in a folder without Git, such as an unpacked ZIP, and say so the first time."""
    if in_git(folder) or _is_allowed(folder):
        return
    _dvc(folder, "config", "--local", "core.no_scm", "true")
    aside(f"this folder is not a Git repository, so {_LOCAL} now tells DVC to work without one")


def fetch_sample(folder: Path, dataset: str) -> None:
    """Get data/sample from the remote inside the repository, if it is asked for and not there."""
    if dataset != SAMPLE or (folder / "data" / SAMPLE).is_dir():
        return
    allow_no_git(folder)
    aside(f"data/{SAMPLE} is not there yet: fetching it from .dvc/remote, in this folder")
    _dvc(folder, "pull", "--quiet", "data.dvc")


def _is_allowed(folder: Path) -> bool:
    files = (folder / ".dvc" / "config", folder / _LOCAL)
    return any("no_scm = true" in file.read_text("utf-8") for file in files if file.is_file())


def _dvc(folder: Path, *words: str) -> None:
    command = [sys.executable, "-m", "dvc", *words]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.strip()] or ["it gave no reason"]
        reason = lines[0].removeprefix("ERROR: ").rstrip(".")
        raise MissingError(
            f"`dvc {' '.join(words)}` failed in {folder}: {reason}; run `e2ep doctor`"
        )


@one_sentence
def main() -> None:
    """`python -m e2ep_cli.project.ready`: what the tests need."""
    fetch_sample(root(), SAMPLE)


if __name__ == "__main__":
    main()
