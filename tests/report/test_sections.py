"""Families come first and their splits become details; their curves are means."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from stages.contracts.plan import RunPlan
from stages.contracts.rankings import Ranking
from stages.contracts.splits import NAMES, Further
from stages.core.files import write_json
from stages.core.tables import read_json
from stages.report.charts.figures import mean_points
from stages.report.charts.lengths import lengths_of
from stages.report.page import render
from stages.report.parts.headline import Lead
from stages.report.results import results_of
from stages.report.sections import PageSection, sections_of
from stages.report.sources import ReportSources

FOLDS = ("fold-1", "fold-2")


@pytest.fixture
def family(tmp_path: Path, run_of: Callable[..., ReportSources]) -> ReportSources:
    """A run with a family of two folds and a temporal split."""
    sources = run_of(tmp_path, (*FOLDS, "temporal"))
    summary = read_json(sources.metrics / "summary.json")
    for splits in summary["models"].values():
        splits["fold"] = splits["fold-1"]
    write_json(sources.metrics / "summary.json", summary)
    return sources


@pytest.fixture
def wide(plan: RunPlan) -> RunPlan:
    """params.yaml of that run."""
    return plan.model_copy(update={"splits": (*FOLDS, "temporal")})


def test_families_then_lone_splits_then_members_as_details(
    family: ReportSources, wide: RunPlan
) -> None:
    sections = sections_of(results_of(family.summary(), wide), wide)
    assert [(s.name, s.members, s.details) for s in sections] == [
        ("fold", FOLDS, False),
        ("temporal", ("temporal",), False),
        ("fold-1", ("fold-1",), True),
        ("fold-2", ("fold-2",), True),
    ]


def test_details_have_tables_and_no_charts(family: ReportSources, wide: RunPlan) -> None:
    page = render(family, wide, 0)
    first, *details = page.partition('<section id="differences">')[0].split(
        '<details class="split"'
    )
    assert len(details) == 2
    assert first.count('class="chart lines"') == 2 * 2
    assert all("<table" in part and "<svg" not in part for part in details)


def test_a_point_is_the_mean_where_every_split_has_it() -> None:
    assert mean_points([{1: 0.2, 5: 0.4}, {1: 0.4}]) == {1: pytest.approx(0.3)}


def test_the_sentence_names_the_best_real_ranking_and_what_the_judge_did(
    sources: ReportSources, plan: RunPlan
) -> None:
    results = results_of(sources.summary(), plan)
    assert Lead(results, sections_of(results, plan)[0]).sentence() == (
        "On fold-1, graph ranks best: NDCG@10 0.400 over 2 users; "
        "the best reranking, graph+scored, takes graph from 0.400 to 0.300."
    )


def test_a_split_on_which_more_was_run_than_on_its_family_stays_open(
    family: ReportSources, wide: RunPlan
) -> None:
    closer = wide.model_copy(
        update={
            "splits": ("fold-1",),
            "further": Further(splits=("fold-2", "temporal"), models=wide.models),
        }
    )
    sections = sections_of(results_of(family.summary(), closer), closer)
    assert [(s.name, s.details) for s in sections] == [
        ("fold", False),
        ("fold-1", False),
        ("temporal", False),
        ("fold-2", True),
    ]


def test_a_base_is_drawn_with_its_rerankings_where_these_were_made() -> None:
    curves = {("graph", "fold-1", "full", "ndcg"): {1.0: 0.1, 5.0: 0.2}}
    rankings, section = (
        (Ranking("graph"), Ranking("graph+scored")),
        PageSection("fold-1", ("fold-1",), details=False),
    )

    def lines() -> list[int]:
        lengths = lengths_of(curves, section, rankings)
        assert lengths
        return [panel.count('class="line ') for panel in lengths.figure.panels]

    assert lines() == [1]
    curves["graph+scored", "fold-1", "full", "ndcg"] = {1.0: 0.2, 5.0: 0.3}
    assert lines() == [1, 2]


def test_a_fold_on_which_nobody_counts_takes_no_part_in_the_familys_means(
    family: ReportSources, wide: RunPlan
) -> None:
    summary = read_json(family.metrics / "summary.json")
    for splits in summary["models"].values():
        splits["fold-2"] = {}
    write_json(family.metrics / "summary.json", summary)
    path = family.metrics / "curves.csv"
    rows = [row for row in path.read_text().splitlines() if ",fold-2," not in row]
    path.write_text("\n".join(rows) + "\n")
    results = results_of(family.summary(), wide)
    first = sections_of(results, wide)[0]
    assert first.says.startswith("mean over 1 split: ")
    assert "over 2 users in all" in Lead(results, first).sentence()
    assert "On fold (mean of 1 split), graph ranks best" in Lead(results, first).sentence()
    page = render(family, wide, 0).partition('<section id="differences">')[0]
    assert page.split('<details class="split"')[0].count('class="chart lines"') == 2 * 2


def test_one_user_is_not_called_users(sources: ReportSources, plan: RunPlan) -> None:
    summary = read_json(sources.metrics / "summary.json")
    for splits in summary["models"].values():
        for row in splits["fold-1"].values():
            row["users"] = 1
    write_json(sources.metrics / "summary.json", summary)
    page = render(sources, plan, 1)
    assert "The first user of fold-1" in page
    assert "over 1 user;" in page
    assert "measured on 1 user." in page
    assert "1 user at most" in page
    assert not re.search(r"\b1 users", page.partition('<section id="differences">')[0])
    assert "The first 2 users of fold-1" in render(sources, plan, 2)


def test_without_a_refit_a_section_says_so_and_has_the_models_learning(
    sources: ReportSources, plan: RunPlan
) -> None:
    summary = sources.summary()
    models = {
        name: {f"{s}/no-refit": v for s, v in own.items()} for name, own in summary.models.items()
    }
    late = plan.model_copy(update={"refit": False})
    results = results_of(summary.model_copy(update={"models": models}), late)
    (section,) = sections_of(results, late)
    assert section.name == "fold-1/no-refit"
    assert section.says.endswith("the test; models were not fitted again on train + valid")
    assert late.trained(section.name, plan.models[0]) == plan.trained("fold-1", plan.models[0])


@pytest.mark.parametrize("split", [*NAMES, "last/no-refit"])
def test_every_split_is_explained_and_last_alone_has_a_warning(split: str) -> None:
    section = PageSection(split, (split,), details=False)
    assert "a split of its own" not in section.says
    assert ("later $rows are in training" in section.warning) == split.startswith("last")


def test_the_warning_stands_in_the_section_of_last(
    tmp_path: Path, plan: RunPlan, run_of: Callable[..., ReportSources]
) -> None:
    own = plan.model_copy(update={"splits": ("last",)})
    page = render(run_of(tmp_path, ("last",)), own, 0)
    assert page.count("last: other users’ later ratings are in training") == 1


@pytest.mark.parametrize(("split", "missing"), [("temporal", 1), ("fold-1", 0)])
def test_a_split_by_time_without_the_baseline_of_time_says_what_to_add(
    split: str, missing: int, tmp_path: Path, plan: RunPlan, run_of: Callable[..., ReportSources]
) -> None:
    own = plan.model_copy(update={"splits": (split,)})
    page = render(run_of(tmp_path, (split,)), own, 0)
    assert page.count("the baseline of time is missing") == missing
