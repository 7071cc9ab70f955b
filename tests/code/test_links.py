"""DVC removes no artifacts of other data sets; tried on real DVC projects of our shape."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from stages.code.links import keep_links_empty, links_database

ROOT = Path(__file__).parents[2]
SCRIPTS = Path(sys.executable).parent
PIPELINE = """stages:
  code:
    cmd: python -m stages.code --out artifacts/code
    deps: [source]
    outs: [artifacts/code]
  copy:
    matrix:
      dataset: ["${dataset}"]
    cmd: cp data/${item.dataset} artifacts/${item.dataset}
    deps: [artifacts/code/prepare.txt, "data/${item.dataset}"]
    params: [weight]
    outs: ["artifacts/${item.dataset}"]
"""
COMMIT = ("git", "-c", "user.name=test", "-c", "user.email=test@example.org", "commit", "-qm", "it")


@dataclass(frozen=True)
class Project:
    """A DVC project with the data sets a and b, in Git."""

    folder: Path

    def run(self, *command: str) -> None:
        environment = os.environ | {
            "PATH": f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
        }
        done = subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def choose(self, dataset: str) -> None:
        """Run the pipeline on another data set and commit the state."""
        (self.folder / "params.yaml").write_text(f"dataset: {dataset}\nweight: 1\n")
        self.run("dvc", "repro", "-q")
        self.run("git", "add", "-A")
        self.run(*COMMIT)

    def artifacts(self) -> dict[str, str]:
        """What was made for each data set."""
        folder = self.folder / "artifacts"
        return {path.name: path.read_text() for path in sorted(folder.iterdir()) if path.is_file()}

    def links(self) -> int:
        """How many outputs DVC has on its list."""
        with closing(sqlite3.connect(links_database(self.folder))) as database:
            return int(database.execute("SELECT count(*) FROM Cache").fetchone()[0])


def started(folder: Path) -> Project:
    """A project where nothing was run yet."""
    project = Project(folder)
    (folder / "data").mkdir()
    (folder / "source").write_text("1")
    for name in ("a", "b"):
        (folder / "data" / name).write_text(f"ratings of {name}")
    (folder / "dvc.yaml").write_text(PIPELINE)
    (folder / ".gitignore").write_text("/artifacts/\n")
    project.run("git", "init", "-q")
    project.run("dvc", "init", "-q")
    project.run("dvc", "config", "core.analytics", "false")
    return project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project that has run on a, then on b."""
    made = started(tmp_path)
    made.choose("a")
    made.choose("b")
    return made


BOTH = {"a": "ratings of a", "b": "ratings of b"}


@pytest.mark.parametrize(
    "options", [(), ("--temp",), ("--queue",)], ids=["workspace", "temp", "queue"]
)
def test_an_experiment_leaves_what_was_made_for_other_data_sets(
    project: Project, options: tuple[str, ...]
) -> None:
    assert project.artifacts() == BOTH
    project.run("dvc", "exp", "run", "-q", *options, "-S", "weight=2")
    if options == ("--queue",):
        project.run("dvc", "exp", "run", "-q", "--run-all")
    assert project.artifacts() == BOTH


def test_checkout_leaves_it_too(project: Project) -> None:
    project.run("dvc", "checkout", "-q")
    assert project.artifacts() == BOTH


def test_what_dvc_listed_before_is_forgotten(tmp_path: Path) -> None:
    project = started(tmp_path)
    unguarded = "mkdir -p artifacts/code && cp source artifacts/code/prepare.txt"
    command = "python -m stages.code --out artifacts/code"
    (tmp_path / "dvc.yaml").write_text(PIPELINE.replace(command, unguarded))
    project.choose("a")
    assert project.links() > 0
    keep_links_empty(tmp_path)
    project.choose("b")
    assert project.links() == 0
    project.run("dvc", "exp", "run", "-q", "-S", "weight=2")
    assert project.artifacts() == BOTH


def test_a_list_that_dvc_made_anew_is_emptied_too(project: Project) -> None:
    shutil.rmtree(links_database(project.folder).parent)
    (project.folder / "artifacts/b").unlink()
    project.run("dvc", "checkout", "-q")
    assert project.links() > 0
    keep_links_empty(project.folder)
    project.choose("a")
    assert project.links() == 0


def test_a_second_call_does_not_import_dvc(project: Project) -> None:
    program = (
        "import sys; from pathlib import Path; from stages.code.links import keep_links_empty\n"
        "keep_links_empty(Path.cwd()); assert 'dvc' not in sys.modules"
    )
    project.run(sys.executable, "-c", program)


def test_a_folder_without_dvc_stays_as_it_is(tmp_path: Path) -> None:
    keep_links_empty(tmp_path)
    assert not list(tmp_path.iterdir())
