"""A temporary clone of the project, the pipeline run in it once on the embedded sample."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from tests.patience import patient

ROOT = Path(__file__).parents[2]
SCRIPTS = Path(sys.executable).parent


@dataclass(frozen=True)
class Clone:
    """A project folder, and how to run commands in it."""

    folder: Path

    def run(self, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run one of the environment's programs, or git, on a terminal of 100 columns."""
        program = str(SCRIPTS / command[0]) if (SCRIPTS / command[0]).exists() else command[0]
        path = f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}"
        environment = (
            os.environ
            | {"PATH": path, "PYTHONPATH": str(self.folder), "COLUMNS": "100"}
            | variables
        )
        return subprocess.run(
            [program, *command[1:]],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=patient(400),
        )

    def ok(self, *command: str, **variables: str) -> str:
        """Run a command that must succeed; what it printed."""
        done = self.run(*command, **variables)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def is_the_machine_of_the_lock(self) -> bool:
        """Whether the embeddings are byte for byte the committed ones.

        Another instruction set rounds differently.
        """
        return embeddings(self.ok("git", "show", "HEAD:dvc.lock")) == embeddings(
            (self.folder / "dvc.lock").read_text()
        )

    def status(self) -> str:
        """What `git status` sees changed."""
        return self.ok("git", "status", "--porcelain")


def embeddings(lock: str) -> str:
    """The hash of the sample's item vectors in a dvc.lock."""
    return str(yaml.safe_load(lock)["stages"]["embed-items@sample"]["outs"][0]["md5"])


def cloned(folder: Path) -> Clone:
    """A clone of the project as it is on disk, committed."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in listed.stdout.splitlines():
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    clone = Clone(folder)
    clone.ok("git", "init", "-q")
    clone.ok("git", "add", "-A")
    clone.ok("git", "add", "-f", ".dvc/remote")
    clone.ok(
        "git", "-c", "user.name=test", "-c", "user.email=test@example.org", "commit", "-qm", "clone"
    )
    return clone


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Clone:
    """A clone where nothing was run yet."""
    return cloned(tmp_path_factory.mktemp("fresh"))


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Clone:
    """A clone where the sample was pulled and the pipeline run."""
    clone = cloned(tmp_path_factory.mktemp("finished"))
    clone.ok("dvc", "pull", "data.dvc")
    clone.ok("e2ep", "run")
    return clone
