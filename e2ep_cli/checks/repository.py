"""Git and DVC's configuration, which a copied or downloaded folder may lack."""

import shutil
from configparser import ConfigParser
from pathlib import Path

from e2ep_cli.checks.diagnosis import Diagnosis
from e2ep_cli.project.ready import in_git

_RESTORE = "git checkout -- .dvc/config .dvc/remote"


def check(folder: Path) -> list[Diagnosis]:
    """A row for Git and one for the remote inside the repository."""
    return [_git(folder), _remote(folder)]


def _git(folder: Path) -> Diagnosis:
    if not in_git(folder):
        finding = (
            "this folder is not a Git repository, as after unpacking a ZIP: runs work, but have no "
            "revision, and `e2ep gate` and `e2ep ablate` have nothing to compare with"
        )
        return Diagnosis("note", "Git", finding, "git clone the repository instead")
    program = shutil.which("git")
    if program is None:
        return Diagnosis(
            "note", "Git", "git is not on PATH, so revisions are not recorded", "install git"
        )
    return Diagnosis("fine", "Git", f"a repository, {program}")


def _remote(folder: Path) -> Diagnosis:
    config = ConfigParser()
    config.read([folder / ".dvc" / "config", folder / ".dvc" / "config.local"], encoding="utf-8")
    name = config.get("core", "remote", fallback=None)
    url = config.get(f"'remote \"{name}\"'", "url", fallback=None)
    if url is None:
        return Diagnosis(
            "fault",
            "DVC remote",
            "no default remote in .dvc/config, so no data can be pulled",
            _RESTORE,
        )
    if name != "embedded":
        return Diagnosis(
            "note", "DVC remote", f"the default is {name}, not the one inside the repository"
        )
    if not (folder / ".dvc" / url / "files").is_dir():
        return Diagnosis("fault", "DVC remote", f".dvc/{url} holds no data", _RESTORE)
    return Diagnosis("fine", "DVC remote", f"embedded, .dvc/{url}")
