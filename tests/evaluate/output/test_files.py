"""The committed number files, read and written again."""

from pathlib import Path

import pytest

from stages.contracts.metrics import files
from stages.evaluate.output.files import NumberFiles
from stages.evaluate.output.summary import summary_of

METRICS = Path(__file__).parents[3] / "metrics"


def read(folder: Path) -> NumberFiles:
    trade_offs = folder / "trade_offs.csv"  # not in numbers of before there were any
    return NumberFiles(
        summary=files.read_summary(folder / "summary.json"),
        headline=files.read_headline(folder / "headline.json"),
        intervals=files.read_intervals(folder / "intervals.json"),
        groups=files.read_groups(folder / "groups.json"),
        explanations=files.read_explanations(folder / "explanations.json"),
        llm=files.read_llm(folder / "llm.json"),
        rerank=files.read_rerank(folder / "rerank.json"),
        record=files.read_record(folder / "record.json"),
        curves=tuple(files.read_curves(folder / "curves.csv")),
        trade_offs=tuple(files.read_trade_offs(trade_offs)) if trade_offs.exists() else (),
    )


@pytest.mark.parametrize("dataset", ["sample", "ml-100k", "ml-100k/clocks", "ml-1m"])
def test_what_is_read_is_written_with_the_same_bytes(dataset: str, tmp_path: Path) -> None:
    folder = METRICS / dataset
    read(folder).write(tmp_path)
    names = {path.name for path in folder.iterdir() if path.is_file()}
    assert {path.name for path in tmp_path.iterdir()} == names | {"trade_offs.csv"}
    for name in names:
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes(), name


@pytest.mark.parametrize("dataset", ["sample", "ml-100k", "ml-1m"])
def test_no_committed_summary_repeats_the_groups_of_a_family(dataset: str) -> None:
    summary = files.read_summary(METRICS / dataset / "summary.json")
    assert summary_of(summary.dataset, summary.models) == summary
