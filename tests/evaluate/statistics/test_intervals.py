"""Which rankings are compared with which, and that the numbers are the users'."""

import numpy as np
import pytest

from stages.contracts.metrics.numbers import Against, RankingTests, SplitTests
from stages.evaluate.statistics.intervals import best_baseline, intervals
from stages.evaluate.statistics.places import Place
from stages.evaluate.statistics.resampling import Resampling

DRAW = np.random.default_rng(2)
RANKINGS = {
    "popularity": DRAW.random(40) * 0.2,
    "ease": DRAW.random(40) * 0.5,
    "gat": DRAW.random(40) * 0.9,
    "gat+scored": DRAW.random(40),
    "gat+scored+alone": DRAW.random(40) * 0.8,
    "gat+shuffle": DRAW.random(40),
    "gat+oracle+top30": np.ones(40),
}
FEW = Resampling(499, 7)


def place(rankings: dict[str, np.ndarray]) -> Place:
    return Place(
        "fold-1",
        {"ndcg@10": rankings, "recall@10": rankings},
        np.ones(len(next(iter(rankings.values())))),
    )


def found(rankings: dict[str, np.ndarray] = RANKINGS) -> SplitTests:
    return intervals("sample", [place(rankings)], ["gat"], FEW).splits["fold-1"]


def against(row: RankingTests) -> dict[str, Against]:
    """What a ranking was compared with, by role."""
    roles = {"to_base": row.to_base, "to_baseline": row.to_baseline}
    return {role: cell for role, cell in roles.items() if cell}


def test_the_best_baseline_is_a_model_that_nobody_proposes() -> None:
    assert best_baseline(RANKINGS, ["gat"]) == "ease"
    assert best_baseline(RANKINGS, ["gat", "ease", "popularity"]) is None


def test_of_equal_baselines_the_first_is_taken() -> None:
    assert best_baseline({"popularity": np.ones(2), "ease": np.ones(2)}, []) == "popularity"


def test_models_stand_against_the_baseline_and_rerankings_against_their_base_too() -> None:
    roles = {
        name: {role: cell.against for role, cell in against(row).items()}
        for name, row in found().metrics["ndcg@10"].items()
    }
    assert roles == {
        "popularity": {"to_baseline": "ease"},
        "ease": {},
        "gat": {"to_baseline": "ease"},
        "gat+scored": {"to_base": "gat", "to_baseline": "ease"},
        "gat+scored+alone": {"to_base": "gat", "to_baseline": "ease"},
    }


def test_a_base_that_is_the_baseline_is_tested_once() -> None:
    tests = found({"ease": RANKINGS["popularity"], "ease+scored": RANKINGS["ease"]})
    row = tests.metrics["ndcg@10"]["ease+scored"]
    assert row.to_base == row.to_baseline
    assert row.to_base is not None
    assert row.to_base.p_holm == row.to_base.p


def test_the_difference_is_the_mean_over_counted_users() -> None:
    rows = {name: np.append(values, np.nan) for name, values in RANKINGS.items()}
    report = found(rows)
    row = report.metrics["ndcg@10"]["gat"]
    cell = against(row)["to_baseline"]
    assert report.users == 40
    assert cell.difference == pytest.approx((RANKINGS["gat"] - RANKINGS["ease"]).mean())
    assert cell.low < cell.difference < cell.high
    assert row.mean == pytest.approx(RANKINGS["gat"].mean())


def test_a_corrected_p_is_never_below_the_plain_one() -> None:
    cells = [cell for row in found().metrics["ndcg@10"].values() for cell in against(row).values()]
    assert all(cell.p <= cell.p_holm for cell in cells)
    assert any(cell.p < cell.p_holm for cell in cells)


def test_a_table_without_a_baseline_has_means_and_rerankings_against_their_base() -> None:
    report = found({"gat": RANKINGS["gat"], "gat+scored": RANKINGS["gat+scored"]})
    assert report.baseline is None
    written = report.model_dump(exclude_unset=True)["ndcg@10"]
    assert set(written["gat"]) == {"mean"}
    assert set(written["gat+scored"]) == {"mean", "to_base"}


def test_each_two_models_are_compared_once_and_corrected_by_themselves() -> None:
    between = found().between
    assert {(one, other) for one, others in between.items() for other in others} == {
        ("popularity", "ease"),
        ("popularity", "gat"),
        ("ease", "gat"),
    }
    cell = between["popularity"]["gat"]
    assert cell.difference == pytest.approx((RANKINGS["popularity"] - RANKINGS["gat"]).mean())
    assert cell.p <= cell.p_holm <= 3 * cell.p


def test_one_model_alone_is_compared_with_none() -> None:
    assert found({"gat": RANKINGS["gat"], "gat+scored": RANKINGS["gat+scored"]}).between == {}


def test_a_split_with_one_user_is_left_out() -> None:
    alone = {name: np.append(values[:1], np.nan) for name, values in RANKINGS.items()}
    assert intervals("sample", [place(alone)], ["gat"], FEW).splits == {}
