"""What is said of the numbers in metrics/: whether this code and these settings make them still."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from dvc_data.hashfile.hash import file_md5
from dvc_objects.fs.local import localfs

from e2ep_cli.runs import published
from e2ep_cli.runs.published import code_here, code_of
from stages.contracts.plan import run_plan
from stages.core.files import write_text
from stages.core.tables import write_model
from stages.evaluate.output.record import record

PARAMS: dict[str, Any] = {
    "dataset": "sample",
    "seed": 7,
    "splits": ["fold-1"],
    "models": ["ease"],
    "strategies": ["none"],
    "train": {"ease": {"l2": 300.0}, "ials": {"l2": 1.0}, "common": {"refit": True}},
}
CODE = {"train-ease": "abc", "evaluate": "def"}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """With the numbers of `shop`, of `shop` by clocks, and of what params.yaml says."""
    monkeypatch.setattr(published, "code_here", lambda: CODE)
    save(tmp_path, PARAMS)
    write_text(tmp_path / "experiments/shop.yaml", "dataset: shop\ntrain.ease.l2: 100.0\n")
    write_text(tmp_path / "experiments/shop-clocks.yaml", "dataset: shop\nsplits: [temporal]\n")
    changed = PARAMS | {"dataset": "shop"}
    by = {"l2": 100.0}
    publish(tmp_path / "metrics/shop", changed | {"train": PARAMS["train"] | {"ease": by}})
    publish(tmp_path / "metrics/shop/clocks", changed | {"splits": ["temporal"]})
    publish(tmp_path / "metrics/sample", PARAMS)
    return tmp_path


def save(folder: Path, params: dict[str, Any]) -> None:
    write_text(folder / "params.yaml", yaml.safe_dump(params))


def publish(folder: Path, params: dict[str, Any]) -> None:
    write_model(folder / "record.json", record(params, run_plan(params), {"u.data": "1"}, ()))
    write_text(folder / "code.json", json.dumps(CODE))


def since(project: Path) -> dict[str, tuple[str, ...]]:
    return {row.place: row.changes for row in published.published_numbers(project)}


def test_what_is_made_with_this_code_and_these_settings_is_not_stale(project: Path) -> None:
    assert since(project) == {"shop": (), "shop/clocks": ()}


def test_a_parameter_counts_where_a_model_of_the_run_has_it(project: Path) -> None:
    save(project, PARAMS | {"train": PARAMS["train"] | {"ials": {"l2": 2.0}}})
    assert since(project) == {"shop": (), "shop/clocks": ()}
    save(project, PARAMS | {"train": PARAMS["train"] | {"ease": {"l2": 200.0}}})
    assert since(project) == {"shop": (), "shop/clocks": ("parameters (train)",)}


def test_a_part_of_the_code_is_named_where_it_has_changed(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(published, "code_here", lambda: CODE | {"train-ease": "ghi"})
    assert since(project)["shop"] == ("code (train-ease)",)


def test_a_model_that_was_never_run_is_named(project: Path) -> None:
    write_text(project / "experiments/shop-clocks.yaml", "dataset: shop\nmodels: [ease, ials]\n")
    assert "models not run (ials)" in since(project)["shop/clocks"]


def test_numbers_without_settings_or_code_say_so(project: Path) -> None:
    (project / "experiments/shop-clocks.yaml").unlink()
    (project / "metrics/shop/code.json").unlink()
    assert since(project) == {
        "shop": ("made before code.json was kept",),
        "shop/clocks": ("its settings may have, which are not in experiments/shop-clocks.yaml",),
    }


def test_the_code_of_a_run_is_what_its_planned_stages_have_read() -> None:
    deps = [{"path": "artifacts/code/embed.txt", "md5": "a"}, {"path": "params.yaml", "md5": "b"}]
    assert code_of({"embed": {"deps": deps}, "old": {"deps": deps}}, ["embed", "new"]) == {
        "embed": "a"
    }
    assert code_of({"embed": {"deps": deps}}, ["train"]) == {}


def test_the_hash_that_is_compared_is_dvcs_own(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "stages.code", "--out", tmp_path],
        cwd=Path(__file__).parents[3],
        check=True,
        capture_output=True,
    )
    written = {path.stem: file_md5(str(path), localfs) for path in tmp_path.glob("*.txt")}
    assert code_here() == written
