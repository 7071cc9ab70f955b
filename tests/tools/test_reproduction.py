"""docs/reproduction.md says what metrics/ and the paper say, and what is not there."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tools.blocks import BLOCK, renewed
from tools.reproducing.checks import check_table
from tools.reproducing.cited import cited
from tools.reproducing.missing import missing_list
from tools.reproducing.tables import cold_table, everyone_table, figure_tables, order_table
from tools.reproduction import DOCUMENT, WRITERS

ROOT = Path(__file__).parents[2]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the paper's numbers and the committed metrics, to be changed at will."""
    (tmp_path / "docs").mkdir()
    shutil.copy(ROOT / "docs" / "paper.csv", tmp_path / "docs")
    shutil.copytree(ROOT / "metrics" / "ml-100k", tmp_path / "metrics" / "ml-100k")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def changed(home: Path, change: Any) -> None:
    """Let `change` alter the models of summary.json."""
    path = home / "metrics" / "ml-100k" / "summary.json"
    summary = json.loads(path.read_text(encoding="utf-8"))
    change(summary["models"])
    path.write_text(json.dumps(summary), encoding="utf-8")


def test_the_document_is_what_the_committed_metrics_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    text = DOCUMENT.read_text(encoding="utf-8")
    assert renewed(text, WRITERS) == text


def test_every_writer_is_used() -> None:
    found = {kind for _, kind, _, _ in BLOCK.findall((ROOT / DOCUMENT).read_text(encoding="utf-8"))}
    assert found == set(WRITERS)


def test_the_papers_table_has_ten_methods(home: Path) -> None:
    rows = cited("Table 1")
    assert len(rows) == 10
    assert {row.users for row in rows} == {"train<10"}


def test_the_size_of_the_cold_group_stands_under_its_table(home: Path) -> None:
    assert "\n6 users have fewer than 10 training ratings." in cold_table("ml-100k fold-1")


def test_a_reranking_stands_under_the_papers_strategy_with_its_base(home: Path) -> None:
    lines = cold_table("ml-100k fold-1").splitlines()
    at = next(
        number for number, line in enumerate(lines) if line.startswith("| Pairwise BST | theirs |")
    )
    assert lines[at + 1].startswith("|  | ours, e2ep+pairwise | 0.")


def test_a_model_shows_up_once_it_has_been_run(home: Path) -> None:
    changed(home, lambda models: models.pop("gat"))
    assert "ours, gat" not in everyone_table("ml-100k fold-1 condensed")
    assert "GAT (`gat`)" in missing_list("ml-100k fold-1")
    changed(home, lambda models: models.update(gat=models["unified"]))
    assert "ours, gat | 0." in everyone_table("ml-100k fold-1 condensed")
    assert "GAT (`gat`)" not in missing_list("ml-100k fold-1")


def test_a_family_shows_up_once_it_has_been_run(home: Path) -> None:
    changed(home, lambda models: models["ease"].pop("fold", None))
    changed(home, lambda models: models["ease"].update(fold=models["ease"]["fold-1"]))
    assert "| ease | ours alone | 0." in everyone_table("ml-100k fold full")


def test_the_temporal_split_answers_for_looking_ahead(home: Path) -> None:
    changed(
        home,
        lambda models: models["ease"].update(temporal={"full": {"ndcg@10": 0.1234, "users": 9}}),
    )
    assert "0.123 on temporal" in check_table("ml-100k fold-1")


def test_what_has_not_been_run_is_said_with_the_reason(home: Path) -> None:
    changed(
        home,
        lambda models: (
            models.clear() or models.update(popularity={"fold-2": {"full": {"users": 1}}})
        ),
    )
    assert (
        everyone_table("ml-100k fold-1 full")
        == "Not checked: no model of ml-100k has been run on fold-1.\n\n"
    )


def test_rerankings_that_beat_their_base_are_counted(home: Path) -> None:
    def first(models: dict[str, Any]) -> None:
        models["e2ep+scored"]["fold-1"]["full"]["ndcg@10"] = 0.99

    changed(home, first)
    assert "full: 1 of 7." in order_table("ml-100k fold-1 e2ep")


def test_a_figures_row_ends_with_the_released_lists_value(home: Path) -> None:
    row = next(
        line
        for line in figure_tables("ml-100k fold-1 condensed").splitlines()
        if line.startswith("| unified")
    )
    assert row.endswith("| 0.771 |")
