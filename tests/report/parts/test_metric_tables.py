"""Who is marked best, in which order rankings stand, and which columns are there."""

from typing import Any

from stages.contracts.metrics.numbers import Summary
from stages.contracts.plan import RunPlan
from stages.core.files import write_json
from stages.core.tables import read_json
from stages.report.page import render
from stages.report.parts.metric_tables import Table, group_table, protocol_table
from stages.report.results import PageResults, results_of
from stages.report.sources import ReportSources


def results(sources: ReportSources, plan: RunPlan) -> PageResults:
    return results_of(sources.summary(), plan)


def best(table: Table, heading: str) -> list[str]:
    place = [column.heading for column in table.columns].index(heading)
    return [name for block in table.blocks for name, cells in block.rows if cells[place].best]


def changed(sources: ReportSources, change: dict[str, Any]) -> None:
    path = sources.metrics / "summary.json"
    summary = read_json(path)
    for model, values in change.items():
        summary["models"][model]["fold-1"]["full"] |= values
    write_json(path, summary)


def test_controls_are_never_best_however_high_or_low(sources: ReportSources, plan: RunPlan) -> None:
    table = protocol_table(results(sources, plan), "fold-1", "full")
    assert best(table, "NDCG@10") == ["graph"]
    assert best(table, "gini") == ["popularity"]


def test_a_tie_marks_all(sources: ReportSources, plan: RunPlan) -> None:
    changed(sources, {"popularity": {"ndcg@10": 0.4}})
    assert best(protocol_table(results(sources, plan), "fold-1", "full"), "NDCG@10") == [
        "popularity",
        "graph",
    ]


def test_models_stand_before_rerankings_before_controls_in_the_order_of_params(
    sources: ReportSources, plan: RunPlan
) -> None:
    blocks = protocol_table(results(sources, plan), "fold-1", "full").blocks
    assert [(block.kind, [name for name, _ in block.rows]) for block in blocks] == [
        ("model", ["popularity", "graph"]),
        ("reranking", ["graph+scored"]),
        ("control", ["graph+shuffle", "graph+oracle"]),
    ]


def test_a_metric_that_nobody_has_has_no_column(sources: ReportSources, plan: RunPlan) -> None:
    headings = [
        column.heading
        for column in protocol_table(results(sources, plan), "fold-1", "full").columns
    ]
    assert headings == ["NDCG@10", "P@10", "R@10", "MAP@10", "MRR@10", "coverage", "gini"]


def test_a_metric_that_one_ranking_lacks_leaves_a_dash(
    sources: ReportSources, plan: RunPlan
) -> None:
    changed(sources, {"graph": {"ild@10": 0.5}})
    table = protocol_table(results(sources, plan), "fold-1", "full", ["ndcg", "ild"])
    assert [cells[1].text for _, cells in table.blocks[0].rows] == ["–", "0.500"]


def test_a_ranking_that_was_not_run_on_a_split_has_no_row(
    sources: ReportSources, plan: RunPlan
) -> None:
    changed(sources, {"graph": {"ild@10": 0.5}})
    table = protocol_table(results(sources, plan), "fold-1", "full", ["ild"])
    assert [[name for name, _ in block.rows] for block in table.blocks] == [["graph"]]


def test_a_group_has_its_users_beside_it_and_few_are_flagged(
    sources: ReportSources, plan: RunPlan
) -> None:
    table = group_table(results(sources, plan), "fold-1", "full")
    assert [(c.heading, c.note, c.few) for c in table.columns] == [
        ("under 10 training ratings", "2 users", True)
    ]
    assert [block.kind for block in table.blocks] == ["model", "reranking"]


def test_groups_with_numbers_stand_in_numerical_order(
    sources: ReportSources, plan: RunPlan
) -> None:
    summary = read_json(sources.metrics / "summary.json")
    row = {"users": 1, "ndcg@10": 0.5}
    summary["models"]["graph"]["fold-1"] |= {f"full/{g}": row for g in ("gender=F", "n=10", "n=5")}
    assert results_of(Summary(**summary), plan).groups("fold-1", "full") == (
        "n=5",
        "n=10",
        "train<10",
        "gender=F",
    )


def test_the_page_marks_no_control(sources: ReportSources, plan: RunPlan) -> None:
    controls = render(sources, plan, 10).split('<tbody class="control">')[1:]
    assert len(controls) == 3
    assert not any('class="best"' in part.partition("</tbody>")[0] for part in controls)


def test_the_depth_is_the_one_that_evaluate_used(sources: ReportSources, plan: RunPlan) -> None:
    summary = read_json(sources.metrics / "summary.json")
    summary["models"]["graph"]["fold-1"]["full"] = {"coverage@5": 0.1}
    summary["models"] = {"graph": summary["models"]["graph"]}
    assert results_of(Summary(**summary), plan).depth == 5
