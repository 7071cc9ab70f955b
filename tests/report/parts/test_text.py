"""What text adds, read from the tests that intervals.json already holds."""

from typing import Any

from stages.report.parts.text import text_charts
from stages.report.sections import Section

FOLD, COLD, FOLDED = (
    Section("fold", ("fold-1", "fold-2"), folded=False),
    Section("cold-items", ("cold-items-1", "cold-items-2"), folded=False),
    Section("fold-1", ("fold-1",), folded=True),
)


def measured(difference: float) -> dict[str, Any]:
    return {
        "difference": difference,
        "low": difference - 0.01,
        "high": difference + 0.02,
        "p_holm": 0.5,
    }


def charts(splits: dict[str, Any]) -> list[str]:
    found = text_charts({"splits": splits}, (FOLD, COLD, FOLDED), "NDCG@10")
    return [str(chart) for chart in found]


def test_a_pair_has_a_row_for_each_place_where_both_were_run() -> None:
    warm, cold = ({"between": {"e2ep": {"e2epfacts": measured(d)}}} for d in (0.125, 0.25))
    (chart,) = charts({"fold": warm, "cold-items": cold, "fold-1": warm})
    assert "+0.125" in chart
    assert "+0.250" in chart
    assert "fold-1" not in chart


def test_a_pair_that_the_file_has_the_other_way_round_is_turned() -> None:
    (chart,) = charts({"fold": {"between": {"e2epraw": {"e2ep": measured(-0.125)}}}})
    assert "+0.125" in chart
    assert "+0.105 to +0.135" in chart


def test_without_such_a_pair_there_is_no_chart() -> None:
    assert (
        charts({"fold": {"between": {"ease": {"popularity": measured(0.1)}}}, "cold-items": {}})
        == []
    )
