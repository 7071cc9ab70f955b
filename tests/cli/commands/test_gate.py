"""`e2ep gate` as a person and CI type it, in a small separate repository."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from e2ep_cli.commands.gate import gate_command

ROOT = Path(__file__).parents[3]
APP = typer.Typer()
APP.command()(gate_command)
VALUES = {"coverage@10": 0.3, "ndcg@10": 0.294, "users": 400}


class Project:
    """A folder under Git with the numbers of two models."""

    def __init__(self, folder: Path) -> None:
        self.metrics = folder / "metrics" / "sample"
        self.metrics.mkdir(parents=True)
        for name in ("dvc.yaml", "params.yaml", "metrics/gate.yaml"):
            shutil.copy(ROOT / name, folder / name)
        self.write({"e2ep": VALUES, "ease": VALUES})
        self.record(seed=7)
        (self.metrics / "curves.csv").write_text("model,k,metric,value\ne2ep,5,ndcg,0.25000\n")
        self.git("init", "--quiet")
        self.commit()

    def write(self, models: dict[str, Any]) -> None:
        tree = {name: {"fold-1": {"full": values}} for name, values in models.items()}
        (self.metrics / "summary.json").write_text(json.dumps({"models": tree}))

    def record(self, **values: Any) -> None:
        (self.metrics / "record.json").write_text(json.dumps({"splits": ["fold-1"]} | values))

    def git(self, *words: str) -> None:
        subprocess.run(
            ["git", "-c", "user.name=a", "-c", "user.email=a@b", *words],
            cwd=self.metrics.parents[1],
            check=True,
        )

    def commit(self) -> None:
        self.git("add", "-A")
        self.git("commit", "--quiet", "-m", "numbers")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.chdir(tmp_path)
    return Project(tmp_path)


def typed(*words: str) -> Result:
    return CliRunner().invoke(APP, list(words))


def changed(*words: str) -> dict[str, str]:
    return {
        one["key"]: one["state"] for one in json.loads(typed("--json", *words).stdout)["changes"]
    }


@pytest.mark.usefixtures("project")
def test_the_committed_numbers_pass() -> None:
    done = typed()
    assert done.exit_code == 0
    assert done.stdout == "metrics/sample against HEAD: nothing moved beyond its limit\n"


def test_a_drop_is_shown_and_fails(project: Project) -> None:
    project.write({"e2ep": VALUES | {"ndcg@10": 0.284}, "ease": VALUES | {"ndcg@10": 0.293}})
    done = typed()
    assert done.exit_code == 1
    assert "1 of 1 changes are failures" in done.stdout
    assert [
        word for word in ("worse", "0.294", "0.284", "5.0", "0.293") if word in done.stdout
    ] == [
        "worse",
        "0.294",
        "0.284",
        "5.0",
    ]


def test_a_rise_and_a_new_model_want_committing_and_pass(project: Project) -> None:
    project.write({"e2ep": VALUES | {"ndcg@10": 0.31}, "ease": VALUES, "ials": VALUES})
    done = typed()
    assert done.exit_code == 0
    assert "0 of 2 changes are failures" in done.stdout
    assert "commit them" in done.stdout


def test_a_missing_model_metric_and_file_fail(project: Project) -> None:
    project.write({"e2ep": {"ndcg@10": 0.294, "users": 400}})
    (project.metrics / "curves.csv").unlink()
    assert typed().exit_code == 1
    assert changed() == {
        "curves.csv": "missing",
        "summary.json/models/e2ep/fold-1/full/coverage@10": "missing",
        "summary.json/models/ease": "missing",
    }


def test_a_curve_that_falls_is_named_by_its_point(project: Project) -> None:
    (project.metrics / "curves.csv").write_text("model,k,metric,value\ne2ep,5,ndcg,0.20000\n")
    assert changed() == {"curves.csv/e2ep/5/ndcg": "worse"}


def test_a_table_of_another_shape_must_only_be_there(project: Project) -> None:
    (project.metrics / "worst.csv").write_text("user,reason\n1,short\n")
    project.commit()
    (project.metrics / "worst.csv").write_text("user,reason\n2,long\n")
    assert changed() == {}
    (project.metrics / "worst.csv").unlink()
    assert changed() == {"worst.csv": "missing"}


def test_unlike_runs_are_refused_in_one_sentence_unless_allowed(project: Project) -> None:
    project.record(seed=8)
    done = typed()
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert "differ in seed (7 and 8)" in done.stderr
    allowed = typed("--allow-unlike")
    assert allowed.exit_code == 0
    assert "seed (7 and 8)" in allowed.stdout


def test_against_another_revision(project: Project) -> None:
    project.write({"e2ep": VALUES, "ease": VALUES | {"ndcg@10": 0.2}})
    project.commit()
    assert typed().exit_code == 0
    assert changed("--against", "HEAD~1") == {
        "summary.json/models/ease/fold-1/full/ndcg@10": "worse"
    }


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--against", "nowhere"], "--against nowhere names no commit"),
        (["--dataset", "ml-1m"], "metrics/ml-1m is not committed at HEAD"),
    ],
)
@pytest.mark.usefixtures("project")
def test_nothing_to_compare_with_is_one_sentence(words: list[str], said: str) -> None:
    done = typed(*words)
    assert done.exit_code == 1
    assert done.stderr.startswith(f"error: {said}")


def test_nothing_made_yet_is_one_sentence(project: Project) -> None:
    shutil.rmtree(project.metrics)
    assert typed().stderr == "error: metrics/sample is not there yet; `e2ep run` makes it\n"


def test_a_damaged_file_is_one_sentence(project: Project) -> None:
    (project.metrics / "summary.json").write_text("{")
    assert "metrics/sample/summary.json is damaged" in typed().stderr
