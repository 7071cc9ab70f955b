"""The curve of NDCG against what a knob buys."""

from xml.etree import ElementTree

import pytest

from stages.contracts.metrics.numbers import TradeOff
from stages.report.charts.knobs import knob_figures
from stages.report.sources import ReportSources
from stages.report.words import METRICS


def titles(chart: str) -> list[str]:
    """What each point tells."""
    return [title.text or "" for title in ElementTree.fromstring(chart).iter("title")]


def test_a_line_visits_the_knobs_in_order(sources: ReportSources) -> None:
    (figure,) = knob_figures(sources.trade_offs())
    assert figure.caption == "fold-1, graph"
    assert [name for name, _ in figure.legend] == ["graph+diverse"]
    diverse, gap = figure.panels
    assert titles(diverse) == [
        "graph+diverse, knob 0, diversity (ild) 0.5: 0.400",
        "graph+diverse, knob 0.5, diversity (ild) 0.6: 0.300",
    ]
    assert titles(gap)[1].endswith("knob 0.5, gap by gender, less is better 0.1: 0.300")


def test_without_trade_offs_there_is_no_figure() -> None:
    assert list(knob_figures([])) == []


def test_each_base_and_split_has_a_figure_of_its_own(sources: ReportSources) -> None:
    points = sources.trade_offs()
    other = [TradeOff(**point.model_dump() | {"base": "ease"}) for point in points]
    assert len(list(knob_figures([*points, *other]))) == 2


@pytest.mark.parametrize("name", ["ild", "miscalibration"])
def test_the_axes_are_metrics_of_the_tables(name: str) -> None:
    assert name in METRICS
