"""Made-up outcomes: what a row says, that the record keeps it, and how the terminal shows it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from e2ep_cli.ablating.entries import BASE, Ablation, Entry
from e2ep_cli.ablating.experiments import trained
from e2ep_cli.ablating.outcome import AblationOutcome
from e2ep_cli.ablating.plan import Plan
from e2ep_cli.ablating.record import kept, rows_as_csv, rows_from_csv
from e2ep_cli.ablating.rows import AblationRow, rows_of
from e2ep_cli.ablating.table import rows_table
from stages.core.errors import InputError
from stages.evaluate.statistics.places import Place
from stages.evaluate.statistics.resampling import Resampling

FEW = Resampling(999, 7)
NAN = float("nan")


def outcome(
    name: str, compare: dict[str, str], made: str = "abc", **values: list[float]
) -> AblationOutcome:
    """One metric of a model's rankings on one split; the last of three users is not counted."""
    rankings = {ranking: np.array(values[ranking]) for ranking in compare}
    plan = Plan(
        Ablation(name=name, entry=Entry(asks="?", compare=compare)), {}, {}, (), f"{name}-sample-1"
    )
    place = Place("fold-1", {"ndcg@10": rankings}, np.ones(3))
    return AblationOutcome(
        plan, place, {ranking: {"fold-1": made} for ranking in compare}, dict.fromkeys(compare, 0.5)
    )


UNIFIED = outcome(BASE, {"unified": "unified"}, unified=[0.2, 0.4, NAN])


def row(
    values: list[float], seconds: dict[tuple[str, str], float] | None = None, made: str = "abc"
) -> AblationRow:
    (found,) = rows_of(
        outcome("no-llm", {"gat": "unified"}, made, gat=values), UNIFIED, seconds or {}, FEW
    )
    return found


def test_a_row_by_hand() -> None:
    """Differences −.1 and +.3 of two users: resampled means are −.1, +.1 or +.3."""
    found = row([0.1, 0.7, NAN], {("gat", "fold-1"): 12.5})
    assert (found.value, found.difference) == pytest.approx((0.4, 0.1))
    assert (found.low, found.high) == pytest.approx((-0.1, 0.3))
    assert (found.users, found.seconds, found.dollars) == (2, 12.5, 0.5)


def test_the_base_run_has_no_difference() -> None:
    (base,) = rows_of(UNIFIED, UNIFIED, {}, FEW)
    assert (base.value, base.against, base.difference, base.low) == (
        pytest.approx(0.3),
        "",
        None,
        None,
    )


def test_other_users_than_the_base_runs_are_refused() -> None:
    with pytest.raises(InputError, match="does not count the base run's users"):
        row([0.1, 0.7, 0.9])


def test_seconds_are_the_ones_of_all_splits_or_unknown() -> None:
    two = replace(UNIFIED, made={"unified": {"fold-1": "a", "fold-2": "b"}})
    first, both = (
        {("unified", "fold-1"): 1.5},
        {("unified", "fold-1"): 1.5, ("unified", "fold-2"): 2.0},
    )
    assert [rows_of(two, two, seen, FEW)[0].seconds for seen in (first, both)] == [None, 3.5]


def test_a_row_comes_back_from_csv() -> None:
    rows = [
        replace(row([0.5, 0.7, NAN]), value=0.5),
        replace(row([0.0, 0.0, NAN]), seconds=None, dollars=None),
    ]
    assert [one.key for one in rows_from_csv(rows_as_csv(rows))] == [one.key for one in rows]
    assert rows_from_csv(rows_as_csv(rows_from_csv(rows_as_csv(rows)))) == rows_from_csv(
        rows_as_csv(rows)
    )
    assert rows_from_csv(rows_as_csv(rows))[1].dollars is None


def test_what_dvc_had_keeps_the_seconds_of_the_run_that_trained_it(tmp_path: Path) -> None:
    kept(tmp_path, "sample", [row([0.1, 0.7, NAN], {("gat", "fold-1"): 12.5})])
    (same,) = kept(tmp_path, "sample", [row([0.1, 0.7, NAN])])
    (other,) = kept(tmp_path, "sample", [row([0.1, 0.7, NAN], made="another fit")])
    assert (same.seconds, other.seconds) == (12.5, None)


def test_a_later_run_replaces_its_own_row_alone(tmp_path: Path) -> None:
    first, second = row([0.1, 0.7, NAN]), replace(row([0.1, 0.7, NAN]), ablation="other")
    kept(tmp_path, "sample", [first, second])
    kept(tmp_path, "sample", [replace(first, value=0.25)])
    found = rows_from_csv((tmp_path / "experiments/results/ablations-sample.csv").read_text())
    assert [(one.ablation, one.value) for one in found] == [("no-llm", 0.25), ("other", 0.4)]


def test_the_table_shows_both_rankings_the_difference_and_its_interval() -> None:
    console = Console(width=80, record=True)
    console.print(
        rows_table(
            [*rows_of(UNIFIED, UNIFIED, {}, FEW), row([0.1, 0.7, NAN], {("gat", "fold-1"): 12.5})]
        )
    )
    said = [line.split() for line in console.export_text().splitlines()]
    assert ["unified", "0.3000", "·", "0.50"] in said
    assert ["no-llm"] in said
    at = said.index(["gat", "0.4000", "+0.1000", "-0.1000", "…", "+0.3000", "12.5", "0.50"])
    assert said[at + 1] == ["vs", "unified"]


def test_seconds_are_read_from_what_the_train_stage_prints() -> None:
    said = [
        "Running stage 'train@x':",
        "train e2ep cold-users-1: 9,000 ratings · 25 epochs · 7.2 s",
        "prepare: 1 s",
    ]
    assert trained(said) == {("e2ep", "cold-users-1"): 7.2}
