"""What a judge said of explanations, as the page shows it."""

from typing import Any

from stages.contracts.plan import RunPlan
from stages.core.files import write_json
from stages.core.tables import read_json
from stages.report.page import render
from stages.report.sources import ReportSources
from tests.report.conftest import OFFLINE
from tests.report.parts.test_judged import cells

TALLY = {"users": 9, "wins": 5, "ties": 3, "losses": 1, "contradictions": 2, "unanswered": 1}
SHARES = {
    "win_share": 0.83333,
    "win_share_low": 0.35877,
    "win_share_high": 0.99579,
    "p": 0.21875,
    "judges": [OFFLINE],
}


def shown(sources: ReportSources, plan: RunPlan, values: dict[str, Any]) -> str:
    file = sources.metrics / "explanations.json"
    numbers = read_json(file)
    numbers["fold-1"]["graph"]["scored"]["compared"] = {"none": values}
    write_json(file, numbers)
    return render(sources, plan, 10)


def test_a_pair_is_a_row_that_names_its_judge(sources: ReportSources, plan: RunPlan) -> None:
    [row] = cells(shown(sources, plan, TALLY | SHARES), "Explanations compared by a judge")
    assert row == [
        *("graph+scored", "graph+none", "fold-1", "9", "5", "3", "1", "2", "1"),
        *("83.3 % (35.9 % to 99.6 %)", "0.2188", OFFLINE),
    ]


def test_where_nothing_is_decided_there_is_a_dash(sources: ReportSources, plan: RunPlan) -> None:
    nothing = TALLY | dict.fromkeys(SHARES) | {"judges": [OFFLINE]}
    [row] = cells(shown(sources, plan, nothing), "Explanations compared by a judge")
    assert row[9:11] == ["–", "–"]


def test_without_a_pair_no_judge_is_spoken_of(page: str) -> None:
    assert "compared by a judge" not in page
