"""What reranking did, and what was asked, as the page shows it."""

import re

from stages.report.parts.judged import answer_rows, reranking_rows
from stages.report.sources import ReportSources


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
    [row] = reranking_rows(sources)
    assert row.disagreed == 0.375
    assert len(answer_rows(sources)) == 1
