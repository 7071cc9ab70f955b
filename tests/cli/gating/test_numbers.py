"""The numbers of a folder as trees, and what is wrong with one of its files."""

import json
from pathlib import Path

import pytest

from e2ep_cli.gating.numbers import numbers_here
from stages.core.errors import DamagedError


def write(root: Path, **files: str) -> Path:
    folder = root / "metrics" / "tiny"
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text)
    return root


def test_levels_lists_and_cells_become_keys(tmp_path: Path) -> None:
    numbers = numbers_here(
        write(
            tmp_path,
            summary_json='{"a": {"b": [0.5, NaN]}}',
            curves_csv="model,k,metric,value\nease,5,ndcg,0.25\n",
            other_csv="model,note\nease,5\n",
        ),
        "tiny",
    )
    assert numbers.record is None
    assert numbers.files == {
        "summary.json": {"a": {"b": {"0": 0.5, "1": "NaN"}}},
        "curves.csv": {"ease": {"5": {"ndcg": 0.25}}},
        "other.csv": None,
    }


def test_what_a_model_recites_is_no_number_of_a_run(tmp_path: Path) -> None:
    numbers = numbers_here(write(tmp_path, summary_json="{}", memorised_json='{"m": 1}'), "tiny")
    assert list(numbers.files) == ["summary.json"]


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("groups_json", '{"dataset"', "groups.json is damaged"),
        ("curves_csv", "model,value\nease,high\n", "curves.csv is damaged"),
        ("record_json", json.dumps({"seed": "seven"}), "record.json is damaged, .* seed: input"),
        ("record_json", json.dumps({"sead": 7}), "record.json is damaged, .* sead: is not known"),
    ],
)
def test_a_damaged_file_is_named_in_one_sentence(
    name: str, text: str, fault: str, tmp_path: Path
) -> None:
    with pytest.raises(DamagedError, match=f"metrics/tiny/{fault}.*; run `e2ep run`") as error:
        numbers_here(write(tmp_path, **{name: text}), "tiny")
    assert "\n" not in str(error.value)
