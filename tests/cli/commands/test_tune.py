"""e2ep tune on a small project without test rows."""

import shlex
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from typer.testing import CliRunner

from e2ep_cli.main import app
from e2ep_cli.project.overrides import changed_params, parsed_settings
from stages.contracts.rows import ENRICHED, MOVIES, RATINGS, TRAINING, USERS
from stages.core.tables import write_table
from stages.train.models.ease import Config
from stages.train.searching.trials import as_csv, best_first, from_csv

ROOT = Path(__file__).parents[3]
RECORD = Path("experiments/search/sample/fold-1/ease.csv")
N_USERS, N_ITEMS = 12, 25
BAD = {5: 0.0, 4: 0.0}
"""Grades that leave nothing to learn from."""


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("dvc.yaml", "params.yaml"):
        shutil.copy(ROOT / name, name)
    space(low=10)
    prepared, draw = Path("artifacts/sample/prepare"), np.random.default_rng(0)
    films, people = ([str(row) for row in range(n)] for n in (N_ITEMS, N_USERS))
    movies = {
        "item_row": range(N_ITEMS),
        "item_id": films,
        "title": films,
        "year": 1999,
        "genres": [[]] * N_ITEMS,
    }
    write_table(
        prepared / "movies.parquet", pd.DataFrame(movies).assign(text="", creators=None), MOVIES
    )
    enriched = movies | {
        name: [[]] * N_ITEMS for name in ("keywords", "directors", "cast", "creators")
    }
    unknown = {name: None for name in ENRICHED.names if name not in enriched}
    write_table(
        prepared.parent / "enrich/movies.parquet",
        pd.DataFrame(enriched).assign(**unknown),
        ENRICHED,
    )
    users = {
        "user_row": range(N_USERS),
        "user_id": people,
        "gender": "F",
        "age": 1,
        "occupation": "",
    }
    write_table(prepared / "users.parquet", pd.DataFrame(users), USERS)
    # Half of the users rate the last twelve items, the others those before.
    rated = [draw.permutation(12) + (13 if u % 2 else 1) for u in range(N_USERS)]
    for part, places in (("train", slice(8)), ("valid", slice(8, 10))):
        rows = pd.DataFrame(
            [(u, i, draw.integers(3, 6), 0, -1) for u in range(N_USERS) for i in rated[u][places]]
        )
        write_table(
            prepared / f"splits/fold-1/{part}.parquet",
            rows.set_axis(RATINGS.names, axis=1).assign(history=None),
            TRAINING,
        )


def space(low: float) -> None:
    Path("experiments").mkdir(exist_ok=True)
    spaces = {
        name: {"trials": 3, "space": {"l2": {"low": low, "high": 1000}}}
        for name in ("ease", "ridge")
    }
    Path("experiments/search.yaml").write_text(yaml.safe_dump(spaces))


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["tune", *arguments])
    return done.exit_code, done.output


def test_a_search_without_time_is_refused() -> None:
    done = CliRunner().invoke(app, ["tune", "ease", "--hours", "0"])
    assert done.exit_code == 2
    assert "--hours" in done.stderr


def test_a_search_is_recorded_and_goes_on_from_its_record() -> None:
    code, first = run("ease", "--trials", "2")
    assert (code, first.count("on valid ·")) == (0, 2)
    begun = RECORD.read_text()
    code, second = run("ease")
    assert (code, second.count("on valid ·")) == (0, 1)
    assert RECORD.read_text().startswith(begun)
    assert "the record has 2 of 3 trials; the search continues" in second
    assert "trial 2 (3 of 3): NDCG@10" in second
    assert "ease on sample, fold-1: the best 3 of 3 trials" in second
    again = run("ease")[1]
    assert "the record has 3 trials already; --trials 4 tries more" in again
    assert again.count("on valid ·") == 0


def with_settings(model: str, **settings: object) -> None:
    params = yaml.safe_load(Path("params.yaml").read_text())
    params["train"][model] = settings
    Path("params.yaml").write_text(yaml.safe_dump(params))


def test_a_trial_that_beats_params_yaml_is_shown_as_the_run_that_has_it() -> None:
    with_settings("ease", grades=BAD)
    _, output = run("ease", "--trials", "2")
    lines = output.splitlines()
    (won,) = [line for line in lines if "beats the settings of params.yaml:" in line]
    trials = from_csv(RECORD.read_text(), RECORD)
    best, current = best_first(trials)[0], trials[-1]
    assert current.parameters == {"grades": {"4": 0.0, "5": 0.0}}
    assert won.startswith(f"trial {best.trial} beats")
    assert won.endswith(f"NDCG@10 {best.ndcg:.4f} against {current.ndcg:.4f} on valid")
    (command,) = [line for line in lines if line.startswith("to try it: ")]
    words = shlex.split(command.removeprefix("to try it: "))
    assert words[:3] == ["e2ep", "run", "--set"]
    params = changed_params(Path(), parsed_settings(words[3::2]))
    assert Config.model_validate(params["train"]["ease"]) == Config.model_validate(best.parameters)
    kept = output.partition("to keep it, in params.yaml:\n")[2].partition("record: ")[0]
    assert yaml.safe_load(kept)["train"]["ease"] == params["train"]["ease"]


def test_settings_that_no_trial_beats_stay() -> None:
    run("ease", "--trials", "3")
    best = best_first(from_csv(RECORD.read_text(), RECORD))[0]
    with_settings("ease", **best.parameters)
    output = run("ease", "--trials", "3")[1]
    assert f"no trial beats the settings of params.yaml, trial {best.trial}: NDCG@10" in output
    assert "to try it" not in output


def test_the_settings_of_params_yaml_are_recorded_once_and_replaced_when_they_change() -> None:
    for setting, fits in ((1e9, 1), (1e9, 0), (1e8, 1)):
        with_settings("ease", l2=setting)
        output = run("ease", "--trials", "2")[1]
        assert output.count("current settings: NDCG@10") == fits
        own = [line for line in RECORD.read_text().splitlines() if line.startswith("current,")]
        assert len(own) == 1
        assert f'{{""l2"": {setting}}}' in own[0]


def test_the_run_names_data_set_split_and_model_that_params_yaml_does_not() -> None:
    run_folder = Path("runs/other")
    shutil.copytree("artifacts/sample", run_folder / "artifacts/other")
    shutil.copy("dvc.yaml", run_folder)
    (run_folder / "run.yaml").write_text("settings: {dataset: other}\n")
    splits = run_folder / "artifacts/other/prepare/splits"
    (splits / "fold-1").rename(splits / "fold-2")
    with_settings("ease", grades=BAD)
    params = yaml.safe_load(Path("params.yaml").read_text())
    others = params | {"models": ["popularity"], "dataset": "other"}
    (run_folder / "params.yaml").write_text(yaml.safe_dump(others))
    output = run("ease", "--dataset", "other", "--split", "fold-2", "--trials", "2")[1]
    lists = "--set 'splits=[fold-2]' --set 'models=[popularity,ease]'"
    assert f"to try it: e2ep run --dataset other {lists} --set " in output


def test_a_changed_space_is_refused_and_the_record_stays() -> None:
    run("ease", "--trials", "2")
    before = RECORD.read_text()
    space(low=999)
    code, output = run("ease")
    assert (code, RECORD.read_text()) == (1, before)
    assert "has a setting outside its space" in output


def test_a_space_named_for_the_data_set_comes_first() -> None:
    spaces = yaml.safe_load(Path("experiments/search.yaml").read_text())
    own = {"trials": 1, "start": {"l2": 77.0}, "space": {"l2": [77.0]}}
    Path("experiments/search.yaml").write_text(
        yaml.safe_dump(spaces | {"ease@sample": own, "ease@other": own})
    )
    assert "the best 1 of 1 trials" in run("ease")[1]
    assert "77.0" in RECORD.read_text()


@pytest.mark.parametrize(
    ("model", "why"),
    [
        ("popularity", ", which has no settings"),
        ("recent", ", which chooses its own on valid in every fit"),
        ("itemknn", ""),
        ("esae", ""),
    ],
)
def test_a_model_without_a_space_is_refused_with_those_there_are(model: str, why: str) -> None:
    code, output = run(model)
    assert code == 1
    assert f"experiments/search.yaml has no space for '{model}'{why}; " in output
    assert "ease" in output


def test_a_search_that_runs_out_of_time_says_so_and_continues_with_more() -> None:
    """A record's trials take 0.0 s on so few rows, so its seconds are raised to an hour each."""
    run("ease", "--trials", "2")
    slow = [replace(trial, seconds=3600.0) for trial in from_csv(RECORD.read_text(), RECORD)]
    RECORD.write_text(as_csv(slow))
    code, output = run("ease", "--hours", "2")
    assert (code, output.count("on valid ·")) == (0, 0)
    assert "stopped after 2 h, 1 trials short; --hours gives more" in output
    assert "trial 2 (3 of 3): NDCG@10" in run("ease", "--hours", "3")[1]


def test_what_was_never_prepared_says_what_to_run() -> None:
    code, output = run("ease", "--split", "fold-2")
    assert code == 1
    assert "run `e2ep run`" in output


def test_profiles_that_have_seen_valid_choose_nothing() -> None:
    params = yaml.safe_load(Path("params.yaml").read_text())
    params["profile"]["users"] = "published"
    Path("params.yaml").write_text(yaml.safe_dump(params))
    code, output = run("ridge")
    assert code == 1
    assert "published user profiles have seen the validation rows" in output
    assert run("ease", "--trials", "1")[0] == 0


def test_a_record_in_another_encoding_is_one_sentence_with_its_line() -> None:
    RECORD.parent.mkdir(parents=True)
    RECORD.write_bytes(b"caf\xe9\n")
    code, output = run("ease")
    assert code == 1
    assert "ease.csv, line 1: byte 3 is not UTF-8; convert the file to UTF-8" in output
