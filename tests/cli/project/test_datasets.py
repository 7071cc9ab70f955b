"""A mistyped name is answered with the one likely meant, by every command that takes it."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from e2ep_cli.main import app
from e2ep_cli.project.datasets import known_dataset, made_datasets
from stages.core.errors import InputError

ROOT = Path(__file__).parents[3]
FILES = (
    "dvc.yaml",
    "params.yaml",
    "experiments/ablations.yaml",
    "experiments/search.yaml",
    "metrics/gate.yaml",
)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """With the data of `shop`, and what runs of `old` and `tried` have left."""
    for name in FILES:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    for folder in (
        "data/shop",
        "artifacts/old/prepare",
        "runs/x-seed-8/artifacts/tried/prepare",
        "artifacts/code",
    ):
        (tmp_path / folder).mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_what_is_here_can_be_added_or_was_made_is_known(project: Path) -> None:
    names = ("shop", "sample", "ml-1m", "old", "tried")
    assert [known_dataset(project, name) for name in names] == list(names)
    assert made_datasets(project) == ["old", "tried"]


def test_a_name_like_no_other_is_answered_with_all(project: Path) -> None:
    with pytest.raises(InputError) as raised:
        known_dataset(project, "x")
    assert str(raised.value) == (
        "there is no data set 'x'; choose from shop, sample, old, tried, or from those that "
        "`e2ep data list` shows; `e2ep data import` adds data of your own"
    )


@pytest.mark.parametrize(
    "command",
    [
        "run",
        "prepare",
        "explain",
        "explain --user 1",
        "recommend --user 1",
        "ablate no-llm",
        "tune ease",
        "cost",
        "gate",
        "llm export x",
    ],
)
@pytest.mark.parametrize(
    ("typed", "meant"), [("shpo", "shop"), ("ML_100K", "ml-100k"), ("smaple", "sample")]
)
@pytest.mark.usefixtures("project")
def test_a_mistyped_data_set_is_corrected(command: str, typed: str, meant: str) -> None:
    done = CliRunner().invoke(app, [*command.split(), "--dataset", typed])
    assert (done.exit_code, done.stderr) == (
        1,
        f"error: there is no data set '{typed}'; did you mean {meant}?\n",
    )


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("recommend --user 1 --split flod-1", "there is no split 'flod-1'; did you mean fold-1?"),
        ("tune ease --split temporl", "there is no split 'temporl'; did you mean temporal?"),
        ("run --set splits=[flod-1]", "names 'flod-1', which is not known; did you mean fold-1?"),
        ("run --set models=[eaze]", "names 'eaze'; did you mean ease?"),
        ("run --set strategies=[scord]", "names 'scord'; did you mean scored?"),
        (
            "run --set rerank.bases=[e2pe]",
            "names 'e2pe', which is not in models; did you mean e2ep",
        ),
        ("ablate no-lmm", "has no ablation 'no-lmm'; did you mean no-llm?"),
        ("tune eaze", "has no space for 'eaze'; did you mean ease?"),
        ("data add ml100k --root data", "or did you mean ml-100k?"),
        ("data check shpo --root data", "there is no data set 'shpo'; did you mean shop?"),
    ],
)
@pytest.mark.usefixtures("project")
def test_other_mistyped_names_are_corrected(command: str, said: str) -> None:
    done = CliRunner().invoke(app, command.split())
    assert (done.exit_code, done.stderr.count("\n")) == (1, 1)
    assert said in done.stderr


@pytest.mark.parametrize(
    "command",
    ["explain --user 1", "recommend --user 1", "run", "train", "cost", "doctor", "memorised"],
)
@pytest.mark.usefixtures("project")
def test_no_command_ignores_a_setting_that_does_not_exist(command: str) -> None:
    done = CliRunner().invoke(app, [*command.split(), "--set", "no.such.key=3"])
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith("error: no is not a parameter in params.yaml; choose from")


@pytest.mark.parametrize("command", ["explain --user 1", "recommend --user 1"])
@pytest.mark.usefixtures("project")
def test_what_reads_shows_the_run_of_its_settings_or_none(command: str) -> None:
    done = CliRunner().invoke(app, [*command.split(), "--set", "rerank.bases=[popularity]"])
    assert (done.exit_code, done.stdout) == (1, "")
    assert "`e2ep run --dataset sample --set 'rerank.bases=[popularity]'` makes it" in done.stderr
