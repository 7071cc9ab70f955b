"""What DVC shows of the numbers reads well: a table of 120 columns, a page with a title."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from stages.contracts.metrics.files import read_summary
from stages.core.files import write_json
from stages.evaluate.output.summary import headline

ROOT = Path(__file__).parents[1]
RANKINGS = ("e2ep", "e2ep+prompt", "e2ep+scored", "ease", "popularity")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The project's pipeline, its settings of DVC, and the committed numbers of the sample."""
    for name in ("dvc.yaml", "params.yaml", ".dvc/config", ".dvc/plots", "metrics/sample"):
        source, target = ROOT / name, tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)
    numbers = tmp_path / "metrics/sample"
    models = read_summary(numbers / "summary.json").models
    write_json(numbers / "headline.json", headline(models, "fold-1", 10))
    dvc(tmp_path, "config", "core.no_scm", "true")
    return tmp_path


def dvc(folder: Path, *words: str) -> str:
    """What DVC prints at 120 columns."""
    done = subprocess.run(
        [sys.executable, "-m", "dvc", *words],
        cwd=folder,
        env=os.environ | {"COLUMNS": "120"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_numbers_of_the_sample_fit_into_120_columns(folder: Path) -> None:
    head, values = dvc(folder, "metrics", "show").splitlines()
    assert max(map(len, (head, values))) <= 120
    assert head.split() == ["Path", *(f"ndcg.{name}" for name in RANKINGS)]
    shown = json.loads((folder / "metrics/sample/headline.json").read_text())["ndcg"]
    assert [float(value) for value in values.split()[1:]] == [shown[name] for name in RANKINGS]


def test_the_page_of_plots_has_a_title_and_says_what_it_lacks_offline(folder: Path) -> None:
    dvc(folder, "plots", "show")
    page = (folder / "dvc_plots/index.html").read_text(encoding="utf-8")
    assert "<title>e2ep: metrics against the length of the list</title>" in page
    assert page.count('<div id = "') == 1
    assert page.index("cdn.jsdelivr.net/npm/vega@") < page.index("window.vegaEmbed ??=")
    assert page.index("window.vegaEmbed ??=") < page.index("var spec = ")


def test_git_ignores_what_dvc_plots_writes() -> None:
    done = subprocess.run(["git", "check-ignore", "-q", "dvc_plots/index.html"], cwd=ROOT)
    assert done.returncode == 0
