"""The section that says what is more than chance."""

from collections.abc import Callable
from pathlib import Path
from unittest.mock import ANY
from xml.etree import ElementTree

import pytest

from stages.contracts.plan import RunPlan
from stages.core.files import write_json
from stages.core.tables import read_json
from stages.report.charts.svg import ROW, DrawnInterval, interval_chart
from stages.report.page import render
from stages.report.parts.differences import SectionDifferences, differences
from stages.report.results import group_order, results_of
from stages.report.sections import sections_of
from stages.report.sources import ReportSources
from tests.report.conftest import tested as comparison


def shown(sources: ReportSources, plan: RunPlan) -> list[SectionDifferences]:
    results = results_of(sources.summary(), plan)
    sections = sections_of(results, plan)
    return differences(sources.intervals(), sources.groups(), sections, results, plan.bases[0])


@pytest.fixture
def only(sources: ReportSources, plan: RunPlan) -> SectionDifferences:
    """The one split of the made-up run."""
    return shown(sources, plan)[0]


def dots(chart: str) -> list[tuple[str, bool, float]]:
    """Name, whether the dot is full, and its place across."""
    marks = [
        path
        for path in ElementTree.fromstring(chart).iter("path")
        if path.get("class", "").startswith("mark")
    ]
    names = [(path.findtext("title") or "").partition(":")[0] for path in marks]
    across = [
        float(path.get("transform", "").removeprefix("translate(").split()[0]) for path in marks
    ]
    full = ["hollow" not in path.get("class", "") for path in marks]
    return list(zip(names, full, across, strict=True))


def test_a_row_for_each_difference_in_the_pages_order(only: SectionDifferences) -> None:
    assert [(row.ranking, row.against) for row in only.rows] == [
        ("graph", "popularity"),
        ("graph+scored", "graph"),
    ]
    assert list(only.metrics) == ["ndcg@10", "recall@10"]


def test_a_chart_for_each_kind_of_comparison_with_a_full_dot_where_it_is_significant(
    only: SectionDifferences,
) -> None:
    assert [[(name, full) for name, full, _ in dots(chart)] for chart in only.charts] == [
        [("graph", True)],
        [("graph+scored", False)],
    ]


def test_the_groups_of_the_best_ranking_are_drawn_youngest_first(only: SectionDifferences) -> None:
    assert only.contrasts
    assert only.contrasts.best == "graph"
    drawn = [(name, full) for name, full, _ in dots(only.contrasts.chart)]
    assert drawn == [("age <25", True), ("age 45+", True), ("gender F", False)]


def test_a_family_tells_the_deviation_over_its_splits(
    tmp_path: Path, run_of: Callable[..., ReportSources], plan: RunPlan
) -> None:
    sources = run_of(tmp_path)
    table = read_json(sources.metrics / "intervals.json")
    table["splits"]["fold-1"]["ndcg@10"]["graph"] |= {"fold_mean": 0.41, "fold_sd": 0.02}
    write_json(sources.metrics / "intervals.json", table)
    assert shown(sources, plan)[0].rows[0].mean == "0.410 ± 0.020"


def test_users_with_few_ratings_have_a_chart_of_the_reranked_model_against_their_best_baseline(
    tmp_path: Path, run_of: Callable[..., ReportSources], plan: RunPlan
) -> None:
    sources = run_of(tmp_path)
    table = read_json(sources.metrics / "intervals.json")
    other = comparison("ease", -0.1, 0.5)
    rows = {"ease": {"mean": 0.3}, "graph": {"mean": 0.2, "to_baseline": other}}
    table["splits"]["fold-1/n=10"] = {
        "baseline": "ease",
        "users": 60,
        "ndcg@10": rows,
        "recall@10": rows,
        "between": {},
    }
    table["splits"]["fold-1/n=3"] = table["splits"]["fold-1"]
    write_json(sources.metrics / "intervals.json", table)
    assert dots(shown(sources, plan)[0].charts[-1]) == [
        ("3 ratings kept, 2 users, against popularity", True, ANY),
        ("10 ratings kept, 60 users, against ease", False, ANY),
    ]


def test_a_split_that_cannot_be_compared_is_left_out(sources: ReportSources, plan: RunPlan) -> None:
    write_json(
        sources.metrics / "intervals.json",
        {"dataset": "toy", "how": {"resamples": 99}, "splits": {}},
    )
    assert shown(sources, plan) == []
    assert "nothing can be compared" in render(sources, plan, 0)


def test_an_interval_is_drawn_from_its_low_to_its_high_end_around_its_dot() -> None:
    chart = interval_chart(
        "t",
        "x",
        [DrawnInterval("a", 0.1, -0.1, 0.3, False), DrawnInterval("b", 0.3, 0.2, 0.4, True)],
    )
    lines = [
        path
        for path in ElementTree.fromstring(chart).iter("path")
        if path.get("class", "").startswith("line")
    ]
    (start, end), _ = (
        (float(n) for n in line.get("d", "")[1:].replace("H", " ").split()[::2]) for line in lines
    )
    (_, _, a), (_, _, b) = dots(chart)
    assert a == pytest.approx((start + end) / 2, abs=0.1)
    assert b == pytest.approx(end, abs=0.1)


def test_nought_is_always_in_the_chart() -> None:
    chart = interval_chart("t", "x", [DrawnInterval("a", 0.3, 0.2, 0.4, True)])
    assert (
        len(
            [
                p
                for p in ElementTree.fromstring(chart).iter("path")
                if p.get("class") == "grid nought"
            ]
        )
        == 1
    )


def test_a_chart_is_as_high_as_its_rows_need() -> None:
    few, many = (
        ElementTree.fromstring(interval_chart("t", "x", [DrawnInterval("a", 0, 0, 0, False)] * n))
        for n in (1, 20)
    )
    heights = [int(chart.get("viewBox", "").split()[-1]) for chart in (few, many)]
    assert heights[1] - heights[0] == 19 * ROW


def test_groups_stand_kind_by_kind_and_bands_from_young_to_old() -> None:
    groups = [
        "gender=F",
        "age=45+",
        "age=25-34",
        "age=<25",
        "activity=Q2",
        "train<20",
        "train<10",
        "n=3",
    ]
    ordered = [
        "n=3",
        "train<10",
        "train<20",
        "activity=Q2",
        "age=<25",
        "age=25-34",
        "age=45+",
        "gender=F",
    ]
    assert sorted(groups, key=group_order) == ordered
