"""What an edit of the sources makes stale, found without DVC."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from e2ep_cli.checks.code import CodeChange, code_change
from stages.code.closure import closure, digest
from stages.code.entries import entries

ROOT = Path(__file__).parents[3]
PARAMS: dict[str, Any] = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """dvc.yaml, and the hashes of a run of this very code."""
    shutil.copy(ROOT / "dvc.yaml", tmp_path)
    hashes = tmp_path / "artifacts" / "code"
    hashes.mkdir(parents=True)
    for name, modules in entries().items():
        (hashes / f"{name}.txt").write_text(digest(closure(*modules)))
    return tmp_path


def as_if_edited(project: Path, name: str, source: str) -> None:
    """Give a source another hash in the record of the last run."""
    file = project / "artifacts" / "code" / f"{name}.txt"
    text, n = re.subn(rf"^\w+(  {source})$", rf"{'0' * 64}\1", file.read_text(), flags=re.M)
    assert n == 1
    file.write_text(text)


def test_the_same_code_makes_nothing_stale(project: Path) -> None:
    assert code_change(project, PARAMS) == CodeChange()


def test_an_edited_model_makes_its_fits_stale_and_nobody_elses(project: Path) -> None:
    source = "stages/train/models/popularity.py"
    as_if_edited(project, "train-popularity", source)
    change = code_change(project, PARAMS)
    assert change == CodeChange((source,), ("train@sample-popularity-fold-1",))


def test_a_deleted_source_counts_as_an_edit(project: Path) -> None:
    file = project / "artifacts" / "code" / "report.txt"
    file.write_text(f"{file.read_text()}{'0' * 64}  stages/report/gone.py\n")
    change = code_change(project, PARAMS)
    assert change == CodeChange(("stages/report/gone.py",), ("report@sample",))


def test_before_the_first_run_there_is_nothing_to_compare(project: Path) -> None:
    shutil.rmtree(project / "artifacts")
    assert code_change(project, PARAMS) == CodeChange()
