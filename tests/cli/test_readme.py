"""The README's numbers are the ones in metrics/."""

from pathlib import Path

import pytest

from e2ep_cli.readme import BLOCK, metric_table, renewed

ROOT = Path(__file__).parents[2]


def test_metric_tables_are_the_committed_metrics(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    text = Path("README.md").read_text(encoding="utf-8")
    assert renewed(text, ("metrics",)) == text


def test_the_readme_has_a_table_of_real_ratings() -> None:
    kinds = {
        (kind, argument) for _, kind, argument, _ in BLOCK.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    }
    assert ("metrics", "ml-100k fold-1") in kinds


def test_controls_are_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    table = metric_table("sample fold-1")
    assert "| *e2ep+oracle* (control) |" in table
    assert "| e2ep |" in table
