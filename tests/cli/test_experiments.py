"""The settings files of experiments/ are runs that params.yaml allows."""

from pathlib import Path

import pytest

from e2ep_cli.checking import check_params
from e2ep_cli.overrides import changed_params, parsed
from e2ep_cli.project import stage_names
from stages.core.splits import NAMES, every_split

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", ["ml-100k", "ml-1m"])
def test_a_settings_file_is_a_run_of_its_data_set(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    params = changed_params(ROOT, parsed([f"@experiments/{name}.yaml"]))
    check_params(params)
    assert params["dataset"] == name
    assert f"train-further@{name}-e2ep" in stage_names(params)


def test_the_one_of_movielens_100k_has_every_split(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert set(every_split(changed_params(ROOT, parsed(["@experiments/ml-100k.yaml"])))) == set(NAMES)
