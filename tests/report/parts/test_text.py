"""What text adds, read from the tests that intervals.json already holds."""

from typing import Any

from stages.contracts.metrics.numbers import Intervals
from stages.report.parts.text import text_charts
from stages.report.sections import PageSection

FOLD, COLD, FOLD_1 = (
    PageSection("fold", ("fold-1", "fold-2"), details=False),
    PageSection("cold-items", ("cold-items-1", "cold-items-2"), details=False),
    PageSection("fold-1", ("fold-1",), details=True),
)


def measured(difference: float) -> dict[str, float]:
    ends = {"low": difference - 0.01, "high": difference + 0.02}
    return {"difference": difference, **ends, "p": 0.2, "p_holm": 0.5, "detectable": 0.03}


def charts(splits: dict[str, Any]) -> list[str]:
    tables = {
        place: {"baseline": None, "users": 2, "between": {}} | splits[place] for place in splits
    }
    tested = Intervals(dataset="toy", how={}, splits=tables)
    return [str(chart) for chart in text_charts(tested, (FOLD, COLD, FOLD_1), "NDCG@10")]


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
