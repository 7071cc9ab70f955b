"""`make demo` looks at Python and at .venv before it installs, and says in a line what to do."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.patience import patient

ROOT = Path(__file__).parents[2]
Ran = subprocess.CompletedProcess[str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project without packages, whose installation cannot succeed: no index is asked."""
    for name in ("tools/install.sh", "pyproject.toml", "constraints.txt", "Makefile"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def install(folder: Path, python: str = sys.executable) -> Ran:
    own = {"PYTHON": python, "PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull}
    return subprocess.run(
        ["tools/install.sh"],
        cwd=folder,
        env=os.environ | own,
        capture_output=True,
        text=True,
        timeout=patient(120),
    )


def interpreter(file: Path, version: str) -> Path:
    """A program that answers as a Python of this version does when it is too old."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\necho {version}\nexit 1\n")
    file.chmod(0o755)
    return file


def environment(folder: Path, mark: str) -> None:
    """A .venv that works here, installed where `mark` says."""
    command = [sys.executable, "-m", "venv", "--without-pip", ".venv"]
    subprocess.run(command, cwd=folder, check=True)
    (folder / ".venv" / "installed").write_text(f"{mark}\n")


def test_an_old_python_is_named_with_what_to_do(folder: Path) -> None:
    ran = install(folder, str(interpreter(folder / "python3", "3.10")))
    assert ran.returncode == 1
    assert ran.stderr.startswith("error: e2ep needs Python 3.11 or newer, and ")
    assert "python3 is 3.10; name one: make demo PYTHON=python3." in ran.stderr
    assert not (folder / ".venv").exists()


def test_a_python_that_is_not_there_is_named(folder: Path) -> None:
    ran = install(folder, "python3.99")
    assert "python3.99 is not there; name one: make demo PYTHON=" in ran.stderr


def test_an_old_environment_is_left_alone_and_named(folder: Path) -> None:
    python = interpreter(folder / ".venv" / "bin" / "python", "3.10")
    ran = install(folder)
    assert ran.returncode == 1
    assert "that of .venv is 3.10; make it again: rm -rf .venv && make demo" in ran.stderr
    assert python.exists()


def test_an_environment_whose_python_is_gone_is_named(folder: Path) -> None:
    (folder / ".venv" / "bin").mkdir(parents=True)
    (folder / ".venv" / "bin" / "python").symlink_to("/nowhere/python")
    assert "that of .venv does not start; make it again" in install(folder).stderr


def test_an_environment_of_another_python_is_named(folder: Path) -> None:
    environment(folder, str(folder))
    (packages,) = (folder / ".venv" / "lib").iterdir()
    packages.rename(packages.with_name("python3.9"))
    assert ".venv was made by another Python than the 3." in install(folder).stderr


def test_a_moved_environment_is_named(folder: Path) -> None:
    environment(folder, "/elsewhere")
    assert install(folder).stderr.startswith(
        "error: .venv was made in /elsewhere and works only there; make it again: rm -rf .venv"
    )


def test_nothing_happens_where_all_is_installed(folder: Path) -> None:
    environment(folder, str(folder))
    ran = install(folder)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


def test_what_pip_says_is_shown_if_it_fails_and_not_taken_for_installed(folder: Path) -> None:
    environment(folder, str(folder))
    (folder / ".venv" / "installed").unlink()
    ran = install(folder)
    assert ran.returncode == 1
    assert ran.stdout.startswith("2/2 installing packages into .venv")
    assert "No module named pip" in ran.stderr
    assert ran.stderr.splitlines()[-1].startswith("error: pip could not install the packages")
    assert not (folder / ".venv" / "installed").exists()


def test_a_stage_outside_the_environment_says_what_to_do() -> None:
    command = [sys.executable, "-S", "-m", "stages.code", "--out", os.devnull]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert ran.returncode == 1
    assert ran.stderr.endswith("activate the environment: source .venv/bin/activate\n")
    assert ran.stderr.startswith("error: ")
    assert ran.stderr.count("\n") == 1
