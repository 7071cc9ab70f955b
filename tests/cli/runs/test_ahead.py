"""Fits before DVC comes to them: DVC finds them done, with the bytes that it would have made."""

import os
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from benchmarks.ray_nodes import RayNodes
from e2ep_cli.main import app
from e2ep_cli.runs.ahead import fit_ahead, is_spread
from e2ep_cli.runs.repro import reproduce
from stages.core.errors import InputError
from stages.core.spread import ADDRESS, GRAPH_WORKERS, slots
from tests.patience import patient
from tests.train.test_stage import write_sources

ROOT = Path(__file__).parents[3]
MODELS, SPLITS = ["popularity", "ease", "cosine"], [f"fold-{number}" for number in range(1, 6)]
COMMON = {"candidates": 20, "threads": 1, "refit": True}
WIDE: dict[str, Any] = {
    "dataset": "made",
    "seed": 7,
    "models": MODELS,
    "splits": SPLITS,
    "strategies": ["none"],
    "rerank": {"bases": []},
    "shown": {"splits": [], "strategies": ["none"]},
    "profile": {"users": "llm"},
    "train": {"common": COMMON, "popularity": {}, "ease": {}, "cosine": {}},
}
PARAMS = WIDE | {"models": MODELS[:2], "splits": SPLITS[:2]}
"""Four fits, which are enough for most tests."""
NAMES = [f"train@made-{model}-{split}" for model in MODELS[:2] for split in SPLITS[:2]]
ALL_NAMES = [f"train@made-{model}-{split}" for model in MODELS for split in SPLITS]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The train stages of dvc.yaml alone, on six users with five folds."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), *sys.path]))
    stages = yaml.safe_load((ROOT / "dvc.yaml").read_text())["stages"]
    kept = ("prepare", "enrich", "embed-items", "train", "train-shown")
    written = {name: stages[name] for name in kept}
    for name in ("prepare", "enrich", "embed-items"):
        written[name] |= {"matrix": {"dataset": ["elsewhere"]}}
    Path("dvc.yaml").write_text(yaml.safe_dump({"stages": written}))
    Path("params.yaml").write_text(yaml.safe_dump(PARAMS))
    write_sources(Path("artifacts/made"), SPLITS)
    for model in MODELS:
        path = Path(f"artifacts/code/train-{model}.txt")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("code")
    subprocess.run([sys.executable, "-m", "dvc", "init", "-q", "--no-scm"], check=True)
    Path(".dvc/config").write_text("[core]\n    no_scm = true\n    analytics = false\n")
    return tmp_path


def files(folder: Path) -> dict[str, bytes]:
    made = folder / "artifacts/made/train"
    return {
        str(path.relative_to(made)): path.read_bytes() for path in made.rglob("*") if path.is_file()
    }


def test_dvc_finds_them_done_and_would_have_written_the_same(project: Path) -> None:
    assert not fit_ahead(project, PARAMS, NAMES).code
    first = files(project)
    assert len(first) == 4 * len(NAMES)
    done = reproduce(project, NAMES, len(NAMES))
    assert (done.code, done.ran, len(done.skipped)) == (0, [], len(NAMES))
    alone = reproduce(project, NAMES[-1:], 1, force=True)
    assert (alone.code, alone.ran) == (0, NAMES[-1:])
    assert files(project) == first


def test_only_what_changed_is_fitted_again(project: Path, capsys: pytest.CaptureFixture) -> None:
    fit_ahead(project, PARAMS, NAMES)
    capsys.readouterr()
    changed = PARAMS | {"train": PARAMS["train"] | {"ease": {"l2": 5.0}}}
    (project / "params.yaml").write_text(yaml.safe_dump(changed))
    fit_ahead(project, changed, NAMES)
    fitted = [line for line in capsys.readouterr().out.splitlines() if line.startswith("train ")]
    assert sorted(line.split(":")[0] for line in fitted) == [
        f"train ease {split}" for split in SPLITS[:2]
    ]


def test_what_dvc_has_cached_is_left_to_it(project: Path, capsys: pytest.CaptureFixture) -> None:
    fit_ahead(project, PARAMS, NAMES)
    first = files(project)
    (project / "dvc.lock").unlink()
    shutil.rmtree("artifacts/made/train")
    capsys.readouterr()
    fit_ahead(project, PARAMS, NAMES)
    assert "train " not in capsys.readouterr().out
    assert not reproduce(project, NAMES, len(NAMES)).code
    assert files(project) == first


def test_a_fit_that_fails_leaves_the_finished_ones_and_nothing_half_written(project: Path) -> None:
    (project / "artifacts/made/prepare/splits/fold-2/valid.parquet").write_text("no table")
    with pytest.raises(InputError, match=r"popularity on fold-2: .*valid\.parquet is damaged"):
        fit_ahead(project, PARAMS, NAMES)
    made = {path.parent.name for path in project.rglob("candidates.parquet")}
    assert made <= {"popularity"}
    assert not reproduce(project, NAMES[:1], 1).code
    assert not list(project.rglob("*.partial"))


def test_a_fit_that_lacks_an_input_is_left_to_dvc_which_says_so(
    project: Path, capfd: pytest.CaptureFixture
) -> None:
    (project / "artifacts/made/prepare/splits/fold-2/valid.parquet").unlink()
    assert not fit_ahead(project, PARAMS, NAMES).code
    assert {path.parent.parent.name for path in project.rglob("candidates.parquet")} == {"fold-1"}
    assert reproduce(project, NAMES, len(NAMES)).code
    assert "fold-2/valid.parquet" in capfd.readouterr().err


DRIVER = """
import sys
from pathlib import Path
from e2ep_cli.main import app
from e2ep_cli.runs.ahead import fit_ahead
from tests.cli.runs.test_ahead import NAMES, PARAMS
if __name__ == "__main__":
    sys.exit(fit_ahead(Path.cwd(), PARAMS, NAMES).code)
"""


@pytest.mark.ray
@pytest.mark.usefixtures("cluster")
def test_what_a_killed_caller_had_done_is_not_done_twice(project: Path) -> None:
    (project / "driver.py").write_text(DRIVER)
    command = [sys.executable, "driver.py"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as driver:
        assert driver.stdout
        before = [line for _, line in zip(range(2), fits(driver.stdout), strict=False)]
        driver.send_signal(signal.SIGKILL)
        before += fits(driver.stdout)
    again = subprocess.run(
        command, capture_output=True, text=True, timeout=patient(120), check=True
    )
    after = list(fits(again.stdout.splitlines()))
    assert len(before) >= 2
    # The one that was being written when the signal came may be made again.
    assert len(NAMES) <= len(before) + len(after) <= len(NAMES) + 1
    assert len({*before, *after}) == len(NAMES)
    assert not reproduce(project, NAMES, len(NAMES)).ran


def fits(lines: Any) -> Any:
    """The fit that each line reports, such as `train ease fold-1`."""
    return (line.partition(":")[0] for line in lines if line.startswith("train "))


@pytest.mark.ray
def test_five_folds_of_three_models_are_the_same_on_a_cluster_that_loses_a_node(
    project: Path, request: pytest.FixtureRequest
) -> None:
    (project / "params.yaml").write_text(yaml.safe_dump(WIDE))
    fit_ahead(project, WIDE, ALL_NAMES)
    here = files(project)
    cluster: RayNodes = request.getfixturevalue("cluster")
    forget(project, "the cluster")
    fit_ahead(project, WIDE, ALL_NAMES)
    assert files(project) == here
    assert len(here) == 4 * 15
    forget(project, "a cluster that loses a node")
    with ThreadPoolExecutor(1) as beside:
        killed = beside.submit(kill_after_a_fit, cluster, project)
        fit_ahead(project, WIDE, ALL_NAMES)
        assert killed.result()
    assert files(project) == here


def forget(project: Path, code: str) -> None:
    """Delete what was fitted; with other code, DVC has nothing in its cache."""
    shutil.rmtree(project / "artifacts/made/train")
    for path in project.glob("artifacts/code/*"):
        path.write_text(code)


def kill_after_a_fit(cluster: RayNodes, project: Path) -> bool:
    """Kill a node once the first fit is written; whether there were others to come."""
    while not (written := list(project.glob("artifacts/made/train/*/*/weights.safetensors"))):
        time.sleep(0.01)
    cluster.kill(cluster.nodes[-1])
    return len(written) < 15


def test_few_fits_on_one_machine_are_left_to_dvc() -> None:
    assert not is_spread(PARAMS, [])
    assert is_spread(WIDE, []) == is_spread(WIDE, ["train"]) == (slots() > 1)
    assert not is_spread(WIDE, ["rerank"])


def test_fits_that_take_several_workers_are_left_to_dvc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ADDRESS, "127.0.0.1:1")
    assert is_spread(PARAMS, [])
    monkeypatch.setenv(GRAPH_WORKERS, "2")
    assert not is_spread(PARAMS, [])


def test_several_workers_without_a_cluster_are_refused_before_anything_runs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(ADDRESS, raising=False)
    done = CliRunner().invoke(app, ["run", "--graph-workers", "2"], env={GRAPH_WORKERS: None})
    assert done.exit_code == 1
    assert "asks for 2 workers, but no cluster is named; give --cluster" in done.output
