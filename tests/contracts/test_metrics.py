"""The committed numbers read as typed rows, and what is wrong with a file is one sentence."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter

from stages.contracts.metrics import files
from stages.contracts.metrics.numbers import SplitTests
from stages.core.errors import DamagedError, MissingError

METRICS = Path(__file__).parents[2] / "metrics"
READERS: dict[str, Callable[[Path], Any]] = {
    "summary": files.read_summary,
    "headline": files.read_headline,
    "intervals": files.read_intervals,
    "groups": files.read_groups,
    "explanations": files.read_explanations,
    "llm": files.read_llm,
    "rerank": files.read_rerank,
    "record": files.read_record,
}


def plain(value: Any) -> Any:
    """What was read, as JSON has it."""
    kind = type(value) if isinstance(value, BaseModel) else dict
    return TypeAdapter(kind).dump_python(value, mode="json", by_alias=True, exclude_unset=True)


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("dataset", ["sample", "ml-100k", "ml-1m"])
def test_a_committed_file_is_read_and_nothing_of_it_is_lost(dataset: str, name: str) -> None:
    path = METRICS / dataset / f"{name}.json"
    text = path.read_text(encoding="utf-8")
    read = json.dumps(plain(READERS[name](path)), sort_keys=True)
    assert read == json.dumps(json.loads(text), sort_keys=True)


@pytest.mark.parametrize("dataset", ["sample", "ml-100k", "ml-1m"])
def test_every_committed_point_of_a_curve_is_read(dataset: str) -> None:
    path = METRICS / dataset / "curves.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        cells = list(csv.DictReader(lines))
    rows = [row.model_dump() for row in files.read_curves(path)]
    assert [{**row, "k": str(row["k"]), "value": f"{row['value']:.5f}"} for row in rows] == cells


def test_metrics_lie_beside_the_counts_of_a_split(tmp_path: Path) -> None:
    path = tmp_path / "intervals.json"
    table = {"baseline": None, "users": 3, "between": {}, "ndcg@10": {"ease": {"mean": 0.5}}}
    path.write_text(json.dumps({"dataset": "d", "how": {}, "splits": {"fold-1": table}}))
    split = files.read_intervals(path).splits["fold-1"]
    assert split.metrics["ndcg@10"]["ease"].mean == 0.5
    assert split == SplitTests.model_validate(table)


@pytest.mark.parametrize("name", READERS)
def test_a_truncated_file_is_named_with_its_cure(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"{name}.json"
    path.write_bytes((METRICS / "sample" / path.name).read_bytes()[:60])
    with pytest.raises(DamagedError, match=r"is damaged: .*eof.*; run `e2ep run` to make") as error:
        READERS[name](path)
    assert str(error.value).startswith(f"{path} ")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"protocol": None}, "protocol: input should be an object"),
        ({"models": {"ease": {"fold-1": {"full": {"ndcg@10": "high"}}}}}, "ease → fold-1 → full"),
        ({"notes": 1}, "notes: is not known"),
        ({"dataset": ...}, "dataset: is missing"),
    ],
)
def test_the_key_that_another_version_lacks_is_named(
    change: dict[str, Any], fault: str, tmp_path: Path
) -> None:
    path = tmp_path / "summary.json"
    values = {"dataset": "d", "models": {}, "protocol": {}} | change
    path.write_text(json.dumps({key: value for key, value in values.items() if value is not ...}))
    with pytest.raises(DamagedError, match="or of another version of e2ep: ") as error:
        files.read_summary(path)
    assert fault in str(error.value)


@pytest.mark.parametrize(
    "text", ["model,split\nease,fold-1\n", "a\0b", "model,k\n\xff,1\n"], ids=["old", "nul", "bytes"]
)
def test_curves_that_cannot_be_read_are_one_sentence(text: str, tmp_path: Path) -> None:
    path = tmp_path / "curves.csv"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(DamagedError, match=r"^\S+curves.csv is damaged.*; run `e2ep run`") as error:
        files.read_curves(path)
    assert "\n" not in str(error.value)


def test_a_missing_file_is_no_damaged_one(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="is not there yet"):
        files.read_summary(tmp_path / "summary.json")
    with pytest.raises(MissingError, match="is not there yet"):
        files.read_curves(tmp_path / "curves.csv")


def test_the_record_of_an_older_revision_lacks_what_came_later(tmp_path: Path) -> None:
    path = tmp_path / "record.json"
    path.write_text('{"splits": ["fold-1"]}')
    record = files.read_record(path)
    assert (record.splits, record.data, record.labels) == (("fold-1",), None, ())
