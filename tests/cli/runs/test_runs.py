"""Which run a command is about, and what its folder holds."""

import hashlib
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from e2ep_cli.runs.folder import make_folder
from e2ep_cli.runs.publishing import publish, require_publishable
from e2ep_cli.runs.run import Run, all_runs, find_run, named_run, new_run, remove_run, run_for
from stages.core.errors import InputError
from stages.core.files import write_text

PARAMS = {
    "dataset": "sample",
    "seed": 7,
    "train": {"e2ep": {"layers": 1}, "ease": {"grades": {5: 1.0}}},
    "llm": {"replay": None},
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "params.yaml").write_text(yaml.safe_dump(PARAMS))
    (tmp_path / "dvc.yaml").write_text("stages: {}\n")
    (tmp_path / ".dvcignore").write_text("*.pyc\n")
    for name in ("stages", "data/sample", "data/shop", ".dvc/plots"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / ".dvc/config").write_text(
        "[core]\n    remote = embedded\n    analytics = false\n"
        "['remote \"embedded\"']\n    url = remote\n"
    )
    return tmp_path


def made(project: Path, **changes: Any) -> Run:
    """A run with these changes and its folder; `a__b` stands for the key a.b."""
    run = run_for(project, {key.replace("__", "."): value for key, value in changes.items()})
    make_folder(run)
    return run


def test_what_params_yaml_says_already_is_the_project_itself(project: Path) -> None:
    assert run_for(project, {}).is_main
    assert run_for(project, {"dataset": "sample", "train.e2ep.layers": 1}).folder == project


def test_a_change_has_a_folder_and_the_project_stays(project: Path) -> None:
    before = (project / "params.yaml").read_bytes()
    run = made(project, train__e2ep__layers=3)
    assert run.folder == project / "runs/sample-e2ep-layers-3"
    assert run.params["train"]["e2ep"]["layers"] == 3
    assert (project / "params.yaml").read_bytes() == before


def test_the_same_change_is_the_same_run_and_another_is_another(project: Path) -> None:
    first = made(project, seed=8)
    assert made(project, seed=8) == first
    assert named_run(project, "sample-seed-8") == first
    others = [made(project, seed=9), made(project, dataset="shop", seed=8)]
    assert len({first.folder, *(run.folder for run in others)}) == 3


def test_runs_whose_names_would_be_equal_are_kept_apart(project: Path) -> None:
    first = made(project, train__e2ep__layers=3)
    (project / "params.yaml").write_text(yaml.safe_dump(PARAMS | {"layers": 1}))
    assert made(project, layers=3).folder != first.folder


def test_numbers_as_keys_survive(project: Path) -> None:
    changes = {"train.ease.grades": {5: 2.0, 4: 1.0}}
    run = run_for(project, changes)
    make_folder(run)
    assert run.params["train"]["ease"]["grades"] == {5: 2.0, 4: 1.0}
    assert run_for(project, changes) == run


def test_a_later_edit_of_params_yaml_reaches_the_run(project: Path) -> None:
    made(project, train__e2ep__layers=3)
    (project / "params.yaml").write_text(yaml.safe_dump(PARAMS | {"seed": 1}))
    run = made(project, train__e2ep__layers=3)
    assert (run.params["seed"], run.params["train"]["e2ep"]["layers"]) == (1, 3)


def test_code_data_and_answers_are_the_projects(project: Path) -> None:
    folder = made(project, seed=8).folder
    for name in ("stages", "data", ".cache"):
        assert (folder / name).resolve() == (project / name).resolve()
    config = (folder / ".dvc/config").read_text()
    assert "no_scm = true" in config
    assert "dir = ../../../.dvc/cache" in config
    assert "remote" not in config


def test_recorded_answers_are_found_from_the_folder(project: Path) -> None:
    (project / "answers.jsonl").write_text("")
    run = made(project, llm__replay="answers.jsonl")
    assert (run.folder / run.params["llm"]["replay"]).resolve() == project / "answers.jsonl"


def test_a_given_name_holds_one_set_of_settings(project: Path) -> None:
    make_folder(new_run(project, "deep", {"train.e2ep.layers": 3}))
    assert new_run(project, "deep", {}).settings["train.e2ep.layers"] == 3
    assert run_for(project, {"train.e2ep.layers": 3}).name == "deep"
    with pytest.raises(InputError, match=r"'deep' has other settings .*layers=3.*--remove deep"):
        new_run(project, "deep", {"seed": 8})
    for name in ("main", "../up", "Deep", ""):
        with pytest.raises(InputError, match="cannot name a run"):
            new_run(project, name, {"seed": 8})


def test_a_data_sets_own_run_comes_before_its_variants(project: Path) -> None:
    made(project, dataset="shop", seed=8)
    assert find_run(project, "shop", None, {}).name == "shop-seed-8"
    made(project, dataset="shop")
    assert find_run(project, "shop", None, {}).name == "shop"
    assert find_run(project, "sample", None, {}).is_main


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("shop", None, {}), "nothing was made for data set 'shop' yet; run `e2ep run --dataset"),
        ((None, "deep", {}), "there is no run 'deep'; choose from main"),
        ((None, None, {"seed": 8}), "`e2ep run --dataset sample --set seed=8` makes it"),
        (("shop", "deep", {}), "--run names one run; leave out --dataset and --set"),
    ],
)
def test_a_run_that_was_not_made_is_named_with_what_makes_it(
    project: Path, options: tuple[Any, Any, dict[str, Any]], sentence: str
) -> None:
    with pytest.raises(InputError, match=sentence):
        find_run(project, *options)


def test_a_removed_run_leaves_the_others_and_the_data(project: Path) -> None:
    (project / "data/sample/ratings.csv").write_text("1\n")
    first, second = made(project, seed=8), made(project, seed=9)
    remove_run(project, first.name)
    assert [run.name for run in all_runs(project)] == ["main", second.name]
    assert (project / "data/sample/ratings.csv").exists()
    with pytest.raises(InputError, match="main is the project itself"):
        remove_run(project, "main")


def test_git_sees_no_run(project: Path) -> None:
    root = Path(__file__).parents[3]
    (project / ".gitignore").write_text((root / ".gitignore").read_text())
    made(project, seed=8)
    subprocess.run(["git", "init", "-q"], cwd=project, check=True)
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "runs"],
        cwd=project,
        capture_output=True,
        check=True,
    )
    assert listed.stdout == b""


def test_a_run_has_a_copy_of_what_language_models_recite(project: Path) -> None:
    own = project / "metrics/shop/memorised.json"
    write_text(own, '{"m": {}}')
    copy = made(project, dataset="shop").folder / "metrics/shop/memorised.json"
    assert copy.read_text() == '{"m": {}}'
    own.unlink()
    made(project, dataset="shop")
    assert not copy.exists()


def complete(project: Path) -> Run:
    """A run of `shop` whose only output is a summary."""
    out = "metrics/shop/summary.json"
    (project / "dvc.yaml").write_text(f"stages: {{evaluate: {{cmd: x, outs: [{out}]}}}}\n")
    run = made(project, dataset="shop")
    write_text(run.folder / out, "{}")
    digest = hashlib.md5(b"{}").hexdigest()
    entry = {"cmd": "x", "outs": [{"path": out, "hash": "md5", "md5": digest}]}
    write_text(run.folder / "dvc.lock", yaml.safe_dump({"stages": {"evaluate": entry}}))
    return run


def test_publishing_a_run_leaves_what_language_models_recite(project: Path) -> None:
    run = complete(project)
    write_text(project / "metrics/shop/memorised.json", '{"later": {}}')
    write_text(project / "metrics/shop/old.json", "{}")
    assert "metrics/shop: 1 files published" in publish(run)
    left = {path.name: path.read_text() for path in (project / "metrics/shop").iterdir()}
    assert left == {"summary.json": "{}", "memorised.json": '{"later": {}}'}


def test_numbers_published_beside_others_leave_them_and_are_left_by_them(project: Path) -> None:
    run = complete(project)
    write_text(project / "metrics/shop/summary.json", '{"first": {}}')
    assert "metrics/shop/clocks: 1 files published; `make docs`" in publish(run, "clocks")
    assert (project / "metrics/shop/summary.json").read_text() == '{"first": {}}'
    publish(run)
    kept = sorted(path.name for path in (project / "metrics/shop").rglob("*.json"))
    assert kept == ["summary.json", "summary.json"]


def test_a_folder_beside_others_has_a_plain_name(project: Path) -> None:
    with pytest.raises(InputError, match=r"--beside '\.\./x' cannot name a folder"):
        require_publishable(complete(project), "../x")
