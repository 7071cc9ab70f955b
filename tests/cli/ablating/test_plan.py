"""Plans: the stages of an experiment, and a name that says what made it."""

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from e2ep_cli.ablating.entries import Ablation, Entry, load
from e2ep_cli.ablating.plan import CODE_PATHS, Plan, planned
from stages.core.errors import MissingError, ParamError

ROOT = Path(__file__).parents[3]
IDENTITY = ("-c", "user.name=test", "-c", "user.email=test@example.org")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with the pipeline, its parameters and one file of code."""
    for name in ("dvc.yaml", "data.dvc", "params.yaml"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "stages").mkdir()
    (tmp_path / "stages/code.py").write_text("LAYERS = 1\n")
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "all"]):
        subprocess.run(["git", *IDENTITY, *words], cwd=tmp_path, check=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def plan(folder: Path, compare: dict[str, str], **changes: bool | int | str) -> Plan:
    settings = {key.replace("__", "."): value for key, value in changes.items()}
    return planned(
        folder, Ablation(name="mine", entry=Entry(asks="Why?", set=settings, compare=compare)), {}
    )


def test_only_what_its_rankings_need_is_run(folder: Path) -> None:
    found = plan(folder, {"e2ep+scored": "e2ep", "ease": "ease"})
    assert found.targets == (
        "train@sample-ease-fold-1",
        "train@sample-e2ep-fold-1",
        "rerank@sample-e2ep-scored-fold-1",
    )


def test_lists_of_params_yaml_grow_by_what_is_missing_and_lose_nothing(folder: Path) -> None:
    found = plan(folder, {"unified+batched": "unified"}, train__unified__cosine=0)
    assert found.changes == {
        "train.unified.cosine": 0,
        "models": ["popularity", "ease", "e2ep", "unified"],
        "rerank.bases": ["e2ep", "unified"],
        "strategies": ["none", "prompt", "scored", "learned", "batched"],
        "shown.splits": [],
    }


def test_every_ablation_of_the_project_can_be_planned(folder: Path) -> None:
    plans = [planned(folder, one, {"dataset": "ml-100k"}) for one in load(ROOT)]
    assert len({one.experiment for one in plans}) == len(plans)
    assert all(one.targets for one in plans)


def test_an_ablation_goes_on_top_of_what_a_person_set(folder: Path) -> None:
    entry = Entry(asks="Why?", set={"train.e2ep.layers": 2}, compare={"e2ep": "e2ep"})
    given = {"dataset": "ml-100k", "train.common.refit": False, "train.e2ep.layers": 3}
    found = planned(folder, Ablation(name="mine", entry=entry), given)
    assert found.params["train"]["common"]["refit"] is False
    assert found.params["train"]["e2ep"]["layers"] == 2
    assert found.targets == ("train@ml-100k-e2ep-fold-1",)


def test_an_unknown_parameter_is_refused(folder: Path) -> None:
    with pytest.raises(ParamError, match=r"did you mean train.e2ep.layers\?"):
        plan(folder, {"e2ep": "e2ep"}, train__e2ep__layer=1)


def test_the_name_is_another_one_for_other_parameters_code_and_data(folder: Path) -> None:
    def name() -> str:
        return plan(folder, {"e2ep": "e2ep"}).experiment

    names = [name()]
    (folder / "README.md").write_text("no code")
    assert name() == names[0]
    (folder / "stages/code.py").write_text("LAYERS = 2\n")
    names.append(name())
    (folder / "data/sample").mkdir(parents=True)
    (folder / "data/sample/manifest.json").write_text("{}")
    names.append(name())
    params = yaml.safe_load((folder / "params.yaml").read_text())
    (folder / "params.yaml").write_text(yaml.safe_dump(params | {"seed": 8}))
    names.append(name())
    assert len(set(names)) == 4


def test_without_a_commit_there_are_no_experiments(folder: Path) -> None:
    shutil.rmtree(folder / ".git")
    with pytest.raises(MissingError, match=f"no commit that holds {CODE_PATHS[0]}"):
        plan(folder, {"e2ep": "e2ep"})
