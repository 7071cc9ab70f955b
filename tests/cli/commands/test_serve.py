"""`e2ep serve` as it is typed: what it lacks is one sentence, and it serves until it is stopped."""

import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.cli.newcomers.test_newcomers import project
from tests.patience import patient

ROOT = Path(__file__).parents[3]
__all__ = ["project"]


def started(folder: Path, *words: str, before: str = "") -> subprocess.Popen[str]:
    program = f"import sys; {before}\nfrom e2ep_cli.main import app; app({['serve', *words]})"
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    return subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("package", ["fastapi", "uvicorn", "mcp"])
def test_without_the_extra_it_says_what_to_install(project: Path, package: str) -> None:
    """Python looks no further for a module that is None."""
    process = started(project, before=f"sys.modules[{package!r}] = None")
    said = process.communicate(timeout=patient(60))[1]
    assert process.returncode == 1
    assert said.startswith("error: e2ep serve needs ")
    assert package in said
    assert 'run `pip install -e ".[serve]" -c constraints.txt`' in said


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--host", "0.0.0.0"], "--host 0.0.0.0 is reachable from other machines; set E2EP_SERVE"),
        (["--dataset", "nothing"], "nothing"),
        (["--split", "fold-9"], "fold-9"),
    ],
)
def test_what_cannot_be_served_is_one_sentence(
    project: Path, words: list[str], sentence: str
) -> None:
    pytest.importorskip("mcp", reason="the extra `serve` is not installed")
    process = started(project, *words)
    said = process.communicate(timeout=patient(60))[1]
    assert process.returncode == 1
    assert said.count("\n") == 1
    assert said.startswith("error: ")
    assert sentence in said


@pytest.mark.parametrize("workers", ["1", "2"])
def test_it_serves_until_it_is_stopped(project: Path, workers: str) -> None:
    pytest.importorskip("mcp", reason="the extra `serve` is not installed")
    from tests.cli.serving.conftest import make_lists

    make_lists(project)
    process = started(project, "--port", "0", "--workers", workers)
    try:
        assert process.stdout is not None
        address = process.stdout.readline().split()[0]
        with urllib.request.urlopen(f"{address}recommend?user=u1", timeout=patient(60)) as answer:
            assert answer.status == 200
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=patient(60))
    finally:
        process.kill()
