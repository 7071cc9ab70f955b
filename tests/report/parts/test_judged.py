"""What reranking did, and what was asked, as the page shows it."""

import json
import re

import pytest

from stages.contracts.plan import RunPlan
from stages.core.files import write_json
from stages.report.page import render
from stages.report.parts.judged import answer_rows, recited_models, reranking_rows
from stages.report.sources import ReportSources

SHARE = {
    "asked": 500,
    "known": 404,
    "share": 0.808,
    "low": 0.771,
    "high": 0.84,
    "close": 0.9,
    "shuffled": 0.002,
    "unanswered": 3,
    "date": "2026-11-28",
    "prompt": "recite-items-1",
    "data": "0",
}


def cells(page: str, caption: str) -> list[list[str]]:
    """The text of each body row of the table with this caption."""
    table = page.split(f"<caption>{caption}</caption>")[1].split("</table>")[0]
    rows = re.findall(r"<tr>(.*?)</tr>", table.split("<tbody>")[1], re.DOTALL)
    return [
        [
            re.sub("<.*?>", "", cell).strip()
            for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)
        ]
        for row in rows
    ]


def test_a_reranking_shows_how_far_it_moved_and_its_fitted_weight(page: str) -> None:
    [row] = cells(page, "Rerankings")
    assert row == [
        *("graph+scored", "fold-1", "2", "0.500", "-0.125", "25.0 %", "0.15"),
        *("37.5 %", "5 answered, 1 invalid"),
    ]


def test_every_answer_shows_what_it_took(page: str) -> None:
    [row] = cells(page, "Answers by step, task and model")
    assert row == [
        *("rerank-scored", "score", "6", "5 answered, 1 refused", "1,234", "0", "56", "0.25", "7"),
        "offline rules, not a language model",
    ]


def test_pairs_asked_in_one_order_have_no_share(sources: ReportSources) -> None:
    [row] = reranking_rows(sources, ["fold-1"])
    assert not [*reranking_rows(sources, ["next"])]
    assert row.disagreed == 0.375
    assert len(answer_rows(sources)) == 1


@pytest.fixture
def judged_by_a_model(sources: ReportSources) -> ReportSources:
    """The made-up run, judged by gpt-x."""
    path = sources.metrics / "llm.json"
    calls = json.loads(path.read_text())
    [took] = calls["rerank-scored"]["score"].values()
    write_json(path, {"rerank-scored": {"score": {"gpt-x": took}}})
    return sources


def test_beside_the_rerankings_of_a_model_stands_what_it_recites(
    judged_by_a_model: ReportSources, plan: RunPlan
) -> None:
    write_json(judged_by_a_model.metrics / "memorised.json", {"gpt-x": {"items": SHARE}})
    page = render(judged_by_a_model, plan, 10)
    line = "gpt-x recites 80.8 % of the items (77.1 to 84.0, n = 500)"
    head = page.split("<main>")[0]
    table = page.split("<caption>Full protocol")[1].split("</table>")[0]
    assert line in head
    assert line in table.split('<tbody class="reranking">')[1].split("</tbody>")[0]
    assert cells(page, "Lines recited by model") == [
        ["gpt-x", "items", "500", "80.8 %", "77.1 to 84.0", "90.0 %", "0.2 %", "3", "2026-11-28"]
    ]


def test_a_model_that_was_not_measured_is_said_to_be_so(
    judged_by_a_model: ReportSources, plan: RunPlan
) -> None:
    page = render(judged_by_a_model, plan, 10)
    table = page.split("<caption>Full protocol")[1].split("</table>")[0]
    assert "gpt-x: memorisation not measured; for a chat model, `e2ep memorised` does" in table
    assert "Lines recited by model" not in page


def test_offline_rules_have_nothing_to_recite(sources: ReportSources, page: str) -> None:
    assert recited_models(sources) == []
    assert "memorisation" not in page
    assert "recites" not in page
