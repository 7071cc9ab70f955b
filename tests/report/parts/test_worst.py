"""The worst explanations and what the page says of them."""

from stages.contracts.plan import RunPlan
from stages.contracts.probing import Probe, Probed
from stages.contracts.rows import Explained
from stages.core.tables import write_model
from stages.report.parts.worst import WorstCase, worst_cases
from stages.report.sources import ReportSources

FILM = Explained(
    item_id="c",
    title="Dawn",
    graph_score=1,
    graph_place=0,
    judge_value=1,
    place=0,
    claims=(),
    dropped=0,
    reason="r",
)


def probed(user: str, evidence: float, random: float) -> Probed:
    return Probed(user_id=user, item_id="c", removed=2, evidence=evidence, random=random, liked=0.0)


def test_the_least_faithful_reason_comes_first_and_faithful_ones_do_not_show(
    sources: ReportSources, plan: RunPlan
) -> None:
    found = Probe(applies=True, items=(probed("u1", 0.1, 0.2), probed("u2", 0.1, 0.4)))
    write_model(sources.artifacts / "probe" / "fold-1" / "graph" / "scored.json", found)
    assert [case.user_id for case in worst_cases(sources, plan)] == ["u2", "u1"]
    write_model(
        sources.artifacts / "probe" / "fold-1" / "graph" / "scored.json",
        Probe(applies=True, items=(probed("u1", 0.3, 0.2),)),
    )
    assert worst_cases(sources, plan) == []


def test_what_is_wrong_is_said_with_its_numbers() -> None:
    dropped = FILM.model_copy(update={"dropped": 3})
    assert WorstCase("r", "u", dropped, None).wrong == "3 of 3 claims do not hold and were dropped"
    said = WorstCase("r", "u", FILM, probed("u", -0.1, 0.25)).wrong
    assert (
        said == "the score moves by +0.10 without the cited items, by -0.25 without as many others"
    )


def test_the_page_shows_the_case(page: str) -> None:
    assert "Worst cases" in page
    assert "by -0.40 without as many others" in page
    assert "0.036 (0.024 to 0.049)" in page
