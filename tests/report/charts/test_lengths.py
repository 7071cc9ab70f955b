"""The one chart over k: what is drawn without a script, and the table that a script draws from."""

from stages.contracts.plan import RunPlan
from stages.report.charts.figures import PANELS
from stages.report.charts.lengths import Lengths, lengths_of
from stages.report.results import results_of
from stages.report.sections import PageSection
from stages.report.sources import ReportSources

SECTION = PageSection("fold-1", ("fold-1",), details=False)


def shown(sources: ReportSources, plan: RunPlan, section: PageSection = SECTION) -> Lengths | None:
    rankings = results_of(sources.summary(), plan).brief().rankings
    return lengths_of(sources.curves(), section, rankings)


def test_the_table_has_every_metric_of_both_protocols_and_no_control(
    sources: ReportSources, plan: RunPlan
) -> None:
    lengths = shown(sources, plan)
    assert lengths
    assert lengths.lengths == (1, 10)
    assert [(block.protocol, block.metric) for block in lengths.blocks] == [
        (protocol, metric) for protocol in ("full", "condensed") for metric in PANELS.values()
    ]
    for block in lengths.blocks:
        assert block.rows == (
            ("popularity", ("0.200", "0.200")),
            ("graph", ("0.400", "0.400")),
            ("graph+scored", ("0.300", "0.300")),
        )


def test_a_ranking_looks_alike_in_every_panel(sources: ReportSources, plan: RunPlan) -> None:
    lengths = shown(sources, plan)
    assert lengths
    models, reranked = lengths.figure.panels
    assert [name for name, _ in lengths.figure.legend] == ["popularity", "graph", "graph+scored"]
    assert 'class="line s1"' in models
    assert 'class="line s1"' in reranked
    assert 'class="line s2"' in reranked


def test_a_split_without_points_has_no_chart(sources: ReportSources, plan: RunPlan) -> None:
    assert shown(sources, plan, PageSection("fold-2", ("fold-2",), details=False)) is None
