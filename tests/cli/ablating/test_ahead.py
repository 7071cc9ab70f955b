"""Fits ahead of an ablation's experiment: DVC finds them, and nothing else is left behind."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from e2ep_cli.ablating.ahead import fit_experiment_ahead
from e2ep_cli.ablating.entries import Ablation, Entry
from e2ep_cli.ablating.plan import Plan
from e2ep_cli.project.overrides import changed_params
from e2ep_cli.runs.repro import reproduce
from tests.cli.runs import test_ahead
from tests.train.test_stage import write_sources

ROOT = Path(__file__).parents[3]
TRAIN = {"common": {"candidates": 20, "refit": True, "threads": 1}, "ease": {"l2": 300.0}}
PARAMS = test_ahead.PARAMS | {"train": test_ahead.PARAMS["train"] | TRAIN}
CHANGES = {"train.ease.l2": 5.0}
TARGETS = ("train@made-ease-fold-1", "train@made-ease-fold-2")
OUTPUTS = {
    "code": "artifacts/code",
    "prepare": "artifacts/${item.dataset}/prepare",
    "enrich": "artifacts/${item.dataset}/enrich/movies.parquet",
    "embed-items": "artifacts/${item.dataset}/embed/items",
    "embed-users": "artifacts/${item.dataset}/embed/${item.split}",
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The train stages of dvc.yaml, after stages that copy what they need from data/."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), *sys.path]))
    write_sources(Path("data/made"), ["fold-1", "fold-2"])
    Path("data/code").mkdir()
    Path("data/code/train-ease.txt").write_text("code")
    Path("stages").mkdir()
    stages = yaml.safe_load((ROOT / "dvc.yaml").read_text())["stages"]
    written = {name: copying(out) for name, out in OUTPUTS.items()}
    written |= {name: stages[name] for name in ("train", "train-shown")}
    Path("dvc.yaml").write_text(yaml.safe_dump({"stages": written}))
    Path("params.yaml").write_text(yaml.safe_dump(PARAMS))
    Path(".dvcignore").write_text("")
    subprocess.run([sys.executable, "-m", "dvc", "init", "-q", "--no-scm"], check=True)
    Path(".dvc/config").write_text("[core]\n    no_scm = true\n    analytics = false\n")
    return tmp_path


def copying(out: str) -> dict[str, Any]:
    """A stage that copies an output from the same place of data/."""
    source = out.replace("artifacts", "data")
    axes = {"dataset": ["${dataset}"], "split": "${splits}"}
    matrix = {axis: values for axis, values in axes.items() if f"item.{axis}" in out}
    command = f"mkdir -p $(dirname {out}) && cp -r {source} {out}"
    stage = {"cmd": command, "deps": [source], "outs": [out]}
    return stage | ({"matrix": matrix} if matrix else {})


def test_the_experiment_finds_the_fits_and_nothing_else_is_left(project: Path) -> None:
    params = changed_params(project, CHANGES)
    entry = Entry(asks="?", set=CHANGES, compare={"ease": "ease"})
    plan = Plan(Ablation(name="mine", entry=entry), CHANGES, params, TARGETS, "mine-made-0a1b")
    seconds = fit_experiment_ahead(project, plan)
    assert set(seconds) == {("ease", "fold-1"), ("ease", "fold-2")}
    assert not list((project / "runs").iterdir())
    # As the experiment does in a folder of its own with the same cache
    (project / "params.yaml").write_text(yaml.safe_dump(params))
    done = reproduce(project, list(TARGETS), len(TARGETS))
    assert (done.code, done.ran) == (0, [])
    assert set(TARGETS) <= set(done.skipped)
