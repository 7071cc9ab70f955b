"""The numbers of README and docs are the ones in metrics/."""

from pathlib import Path

import pytest

from tools.blocks import BLOCK, renewed
from tools.readme import KINDS, metric_table, pages, rerank_table

ROOT = Path(__file__).parents[2]


def test_metric_tables_are_the_committed_metrics(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    writers = {kind: writer for kind, writer in KINDS.items() if kind != "explain"}
    texts = [page.read_text(encoding="utf-8") for page in pages()]
    assert [renewed(text, writers) for text in texts] == texts


def test_the_readme_has_a_table_of_real_ratings() -> None:
    kinds = {
        (kind, argument)
        for _, kind, argument, _ in BLOCK.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    }
    assert ("families", "ml-100k fold cold-users cold-items temporal") in kinds


def test_a_strategy_stands_beside_the_base_and_a_random_and_a_perfect_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(ROOT)
    table = rerank_table("sample fold-1 e2ep")
    assert "| scored | 18 |" in table
    assert "e2ep itself 0." in table
    assert "a random order of the same pool 0." in table
    assert "a perfect order of its first 30 0." in table


def test_the_table_of_models_has_no_rerankings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert "| e2ep |" in metric_table("sample fold-1")
    assert "+" not in metric_table("sample fold-1")
