"""Families come first and fold their splits away; their curves are means."""

from collections.abc import Callable
from pathlib import Path

import pytest

from stages.contracts.plan import RunPlan
from stages.contracts.rankings import Ranking
from stages.contracts.splits import Further
from stages.core.tables import write_json
from stages.report.charts.figures import mean_points, metric_figures
from stages.report.page import render
from stages.report.parts.headline import Lead
from stages.report.results import results_of
from stages.report.sections import Section, sections_of
from stages.report.sources import Sources

FOLDS = ("fold-1", "fold-2")


@pytest.fixture
def family(tmp_path: Path, run_of: Callable[..., Sources]) -> Sources:
    """A run with a family of two folds and a temporal split."""
    sources = run_of(tmp_path, (*FOLDS, "temporal"))
    summary = sources.number_file("summary")
    for splits in summary["models"].values():
        splits["fold"] = splits["fold-1"]
    write_json(sources.metrics / "summary.json", summary)
    return sources


@pytest.fixture
def wide(asked: RunPlan) -> RunPlan:
    """params.yaml of that run."""
    return asked.model_copy(update={"splits": (*FOLDS, "temporal")})


def test_families_then_lone_splits_then_folded_members(family: Sources, wide: RunPlan) -> None:
    sections = sections_of(results_of(family.number_file("summary"), wide), wide)
    assert [(s.name, s.members, s.folded) for s in sections] == [
        ("fold", FOLDS, False),
        ("temporal", ("temporal",), False),
        ("fold-1", ("fold-1",), True),
        ("fold-2", ("fold-2",), True),
    ]


def test_folded_splits_have_tables_and_no_charts(family: Sources, wide: RunPlan) -> None:
    page = render(family, wide, 0)
    first, *folded = page.partition('<section id="differences">')[0].split('<details class="split"')
    assert len(folded) == 2
    assert first.count('class="chart lines"') == 48
    assert all("<table" in part and "<svg" not in part for part in folded)


def test_a_point_is_the_mean_where_every_split_has_it() -> None:
    assert mean_points([{1: 0.2, 5: 0.4}, {1: 0.4}]) == {1: pytest.approx(0.3)}


def test_the_sentence_names_the_best_real_ranking_and_what_the_judge_did(
    sources: Sources, asked: RunPlan
) -> None:
    results = results_of(sources.number_file("summary"), asked)
    assert Lead(results, sections_of(results, asked)[0]).sentence() == (
        "On fold-1, graph ranks best: NDCG@10 0.400 over 2 users; "
        "the best reranking, graph+scored, takes graph from 0.400 to 0.300."
    )


def test_a_split_on_which_more_was_run_than_on_its_family_stays_open(
    family: Sources, wide: RunPlan
) -> None:
    closer = wide.model_copy(
        update={
            "splits": ("fold-1",),
            "further": Further(splits=("fold-2", "temporal"), models=wide.models),
        }
    )
    sections = sections_of(results_of(family.number_file("summary"), closer), closer)
    assert [(s.name, s.folded) for s in sections] == [
        ("fold", False),
        ("fold-1", False),
        ("temporal", False),
        ("fold-2", True),
    ]


def test_a_base_is_drawn_with_its_rerankings_where_these_were_made() -> None:
    curves = {("graph", "fold-1", "full", "ndcg"): {1.0: 0.1, 5.0: 0.2}}
    rankings, section = (
        (Ranking("graph"), Ranking("graph+scored")),
        Section("fold-1", ("fold-1",), folded=False),
    )

    def captions() -> list[str]:
        return [figure.caption for figure in metric_figures(curves, section, "full", rankings)]

    assert captions() == ["fold-1, full protocol, models"]
    curves["graph+scored", "fold-1", "full", "ndcg"] = {1.0: 0.2, 5.0: 0.3}
    assert captions() == ["fold-1, full protocol, models", "fold-1, full protocol, graph reranked"]
