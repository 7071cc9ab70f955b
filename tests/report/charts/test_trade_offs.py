"""Cold users, costs, shares and the matrix show the numbers of their files."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from stages.contracts.metrics.numbers import Difference
from stages.contracts.plan import RunPlan
from stages.core.files import write_json
from stages.core.tables import read_json
from stages.report.charts.matrix import DOT, DOWN, UP, PairDifference, matrix_chart
from stages.report.charts.shares import share_chart
from stages.report.charts.trade_offs import cold_figure, cost_figures
from stages.report.parts.differences import significant
from stages.report.results import PageResults, results_of
from stages.report.sections import PageSection
from stages.report.sources import ReportSources
from tests.report.conftest import RERANKED, difference_of


def results(sources: ReportSources, plan: RunPlan) -> PageResults:
    return results_of(sources.summary(), plan)


def titles(chart: str) -> list[str]:
    """What each point tells."""
    return [title.text or "" for title in ElementTree.fromstring(chart).iter("title")]


def test_a_cold_curve_has_a_point_for_each_number_of_ratings_kept(
    tmp_path: Path, run_of: Callable[..., ReportSources], plan: RunPlan
) -> None:
    sources = run_of(tmp_path, ("cold-users-1",))
    figure = cold_figure(
        results(sources, plan), PageSection("cold-users-1", ("cold-users-1",), details=False)
    )
    graph = [text for text in titles(figure.panels[0]) if text.startswith("graph, ")]
    assert graph == [f"graph, ratings kept {n}: {0.4 + n / 100:.3f}" for n in (0, 1, 10)]
    assert all("oracle" not in panel for panel in figure.panels)


def test_a_split_that_keeps_no_ratings_apart_has_no_cold_curve(
    sources: ReportSources, plan: RunPlan
) -> None:
    assert not cold_figure(
        results(sources, plan), PageSection("fold-1", ("fold-1",), details=False)
    ).panels


def test_a_reranking_stands_at_its_questions_and_dollars_a_user_and_the_base_at_nought(
    sources: ReportSources, plan: RunPlan
) -> None:
    (figure,) = cost_figures(sources, results(sources, plan))
    questions, dollars = map(titles, figure.panels)
    assert questions == [
        "graph+scored, questions per user 3: 0.300",
        "graph, questions per user 0: 0.400",
    ]
    assert dollars[0] == "graph+scored, dollars per user 0.125: 0.300"


@pytest.mark.parametrize("dollars", [0.0, None])
def test_what_costs_nothing_or_an_unknown_sum_has_no_chart_of_dollars(
    sources: ReportSources, plan: RunPlan, dollars: float | None
) -> None:
    table = read_json(sources.metrics / "llm.json")
    for model in table["rerank-scored"]["score"].values():
        model["dollars"] = dollars
    write_json(sources.metrics / "llm.json", table)
    (figure,) = cost_figures(sources, results(sources, plan))
    assert len(figure.panels) == 1


def test_rerankings_of_a_split_where_nobody_could_be_measured_have_no_chart(
    sources: ReportSources, plan: RunPlan
) -> None:
    table = read_json(sources.metrics / "summary.json")
    for splits in table["models"].values():
        for protocols in splits.values():
            protocols["full"] = {"users": 0}
    write_json(sources.metrics / "summary.json", table)
    assert list(cost_figures(sources, results(sources, plan))) == []


@pytest.mark.parametrize("also", [{}, {"prompt": RERANKED}])
def test_a_reranking_of_nobody_has_no_point(
    sources: ReportSources, plan: RunPlan, also: dict[str, Any]
) -> None:
    """Two items: every pool holds one, so that nothing can move."""
    nobody = {"users": 0, "tau": None, "unchanged": None}
    effect = RERANKED | {"fused": nobody | {"weight": 0.8}, "alone": nobody}
    table = {"fold-1": {"graph": {"scored": effect} | also}}
    write_json(sources.metrics / "rerank.json", table)
    figures = list(cost_figures(sources, results(sources, plan)))
    assert [len(figure.panels) for figure in figures] == [1] * len(also)
    assert "graph+scored" not in str(figures)


def test_a_share_is_as_long_as_it_is_large() -> None:
    chart = ElementTree.fromstring(share_chart("t", [("half", 0.5), ("all", 1.0)]))
    ends = [
        float(p.get("d", "").split("H")[1].split("V")[0])
        for p in chart.iter("path")
        if "bar" in p.get("class", "")
    ]
    assert (ends[1] - 4) == pytest.approx(2 * (ends[0] - 4))


def test_a_matrix_cell_has_a_shape_of_its_own_for_better_worse_and_chance() -> None:
    cells = {
        ("a", "b"): PairDifference(0.1, True),
        ("b", "a"): PairDifference(-0.1, True),
        ("a", "c"): PairDifference(0.1, False),
    }
    chart = ElementTree.fromstring(matrix_chart("t", ["a", "b", "c"], cells))
    shapes = {
        mark.findtext("title"): mark.get("d")
        for mark in chart.iter("path")
        if "mark" in mark.get("class", "")
    }
    assert list(shapes.values()) == [UP, DOWN, DOT]
    assert "b −0.100 worse against a" in shapes


def test_only_a_corrected_p_below_the_level_counts_in_the_matrix() -> None:
    assert significant(Difference(**difference_of(0.1, 0.049)))
    assert not significant(Difference(**difference_of(0.1, 0.05)))
