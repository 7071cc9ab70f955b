"""What was found: by how much, over whom, and whether it may be chance."""

from stages.contracts.plan import RunPlan
from stages.core.files import write_json
from stages.core.tables import read_json
from stages.report.parts.advantages import Advantages, advantages_of
from stages.report.parts.headline import Lead
from stages.report.results import results_of
from stages.report.sections import sections_of
from stages.report.sources import ReportSources


def shown(sources: ReportSources, plan: RunPlan) -> Advantages:
    results = results_of(sources.summary(), plan)
    return advantages_of(Lead(results, sections_of(results, plan)[0]), sources.intervals())


def test_the_best_list_stands_first_then_the_best_reranking(
    sources: ReportSources, plan: RunPlan
) -> None:
    best, reranking = shown(sources, plan).rows
    assert (best.ranking, best.test.against, best.role) == (
        "graph",
        "popularity",
        "the best baseline",
    )
    assert (best.amount, best.interval) == ("+0.200", "+0.180 to +0.220")
    assert best.verdict == "more than chance, corrected p 0.004"
    assert (reranking.ranking, reranking.role) == ("graph+scored", "its base")
    assert reranking.verdict == "may be chance, corrected p 0.500"


def test_where_base_and_baseline_are_one_ranking_it_is_said_once(
    sources: ReportSources, plan: RunPlan
) -> None:
    path = sources.metrics / "intervals.json"
    table = read_json(path)
    row = table["splits"]["fold-1"]["ndcg@10"]["graph+scored"]
    row["to_baseline"] = row["to_base"]
    write_json(path, table)
    assert [row.role for row in shown(sources, plan).rows] == ["the best baseline"] * 2


def test_it_stands_before_all_else_on_the_page(page: str) -> None:
    first = page.split("<main")[1].split("<section")[1]
    assert "NDCG@10 of <strong>graph</strong> against popularity, the best baseline" in first
    assert '<span class="verdict sure">more than chance' in first


def test_without_a_test_nothing_is_claimed(sources: ReportSources, plan: RunPlan) -> None:
    table = read_json(sources.metrics / "intervals.json")
    write_json(sources.metrics / "intervals.json", table | {"splits": {}})
    assert shown(sources, plan) == Advantages("NDCG@10", (), None)
