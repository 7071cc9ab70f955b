"""Parameters for one run, as they are typed."""

from pathlib import Path

import pytest

from e2ep_cli.project.overrides import changed_params, parsed_settings
from stages.core.errors import InputError, ParamError

TEXT = "# a comment\ndataset: sample # here\nsplits:\n- fold-1\ntrain:\n  e2ep:\n    layers: 2\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "params.yaml").write_text(TEXT, encoding="utf-8")
    return tmp_path


def test_values_change_and_the_file_stays(project: Path) -> None:
    assert changed_params(project, {"dataset": "shop", "train.e2ep.layers": 3}) == {
        "dataset": "shop",
        "splits": ["fold-1"],
        "train": {"e2ep": {"layers": 3}},
    }
    assert (project / "params.yaml").read_text(encoding="utf-8") == TEXT


def test_a_key_that_is_a_number_in_the_file_is_found_by_its_text(tmp_path: Path) -> None:
    (tmp_path / "params.yaml").write_text("grades:\n  5: 1.0\n", encoding="utf-8")
    assert changed_params(tmp_path, {"grades.5": 2.0}) == {"grades": {5: 2.0}}


@pytest.mark.parametrize(
    ("key", "hint"),
    [
        ("datset", "did you mean dataset?"),
        ("train.e2ep.layer", "did you mean train.e2ep.layers?"),
        ("train.e2pe.layers", "did you mean train.e2ep?"),
    ],
)
def test_an_unknown_key_is_named_with_the_likeliest(project: Path, key: str, hint: str) -> None:
    with pytest.raises(ParamError, match=f"{key.rpartition('.')[0]}.*{hint[:-1]}"):
        changed_params(project, {key: 1})


def test_values_are_yaml() -> None:
    assert parsed_settings(["splits=[fold-1, fold-2]", "seed=3", "a.b=x=y"]) == {
        "splits": ["fold-1", "fold-2"],
        "seed": 3,
        "a.b": "x=y",
    }


def test_a_setting_without_a_value_is_refused() -> None:
    with pytest.raises(InputError, match="key=value"):
        parsed_settings(["seed"])


def test_a_file_of_settings_gives_way_to_what_follows_it(tmp_path: Path) -> None:
    (tmp_path / "all.yaml").write_text("seed: 3\nfurther.splits: [fold-2]\n")
    assert parsed_settings([f"@{tmp_path / 'all.yaml'}", "seed=4"]) == {
        "seed": 4,
        "further.splits": ["fold-2"],
    }


def test_a_file_of_settings_that_is_not_there_is_named() -> None:
    with pytest.raises(
        InputError, match=r"--set @nowhere\.yaml: there is no such file; check the path"
    ):
        parsed_settings(["@nowhere.yaml"])


def test_a_file_of_settings_in_another_encoding_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "all.yaml").write_bytes(b"seed: 3\n# caf\xe9\n")
    with pytest.raises(InputError, match=r"all\.yaml, line 2: byte 13 is not UTF-8; convert"):
        parsed_settings([f"@{tmp_path / 'all.yaml'}"])


def test_parameters_in_another_encoding_are_named(project: Path) -> None:
    (project / "params.yaml").write_bytes(TEXT.encode() + b"# caf\xe9\n")
    with pytest.raises(InputError, match=r"params\.yaml, line 8: byte \d+ is not UTF-8"):
        changed_params(project, {"dataset": "shop"})
