"""Time and memory of fits, scaled from fits that were recorded."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from e2ep_cli.checks import estimate
from stages.contracts.fits import FITS_FILE, FitRecord, append_fit
from stages.contracts.plan import RunPlan
from stages.data.dataset import Counts

ROOT = Path(__file__).parents[3]
RECORD = FitRecord(
    at=datetime(2026, 11, 28, tzinfo=UTC),
    model="ials",
    dataset="small",
    split="fold-1",
    users=100,
    items=200,
    ratings=8_000,
    epochs=10,
    grows_with="ratings",
    settings="0" * 64,
    threads=1,
    seconds=4.0,
    base_mb=300.0,
    peak_mb=500.0,
)
LARGER = Counts(users=200, movies=800, ratings=30_000)


def like(**changes: Any) -> FitRecord:
    return RECORD.model_copy(update=changes)


def estimated(*records: FitRecord, dataset: str = "large", epochs: int | None = None) -> Any:
    return estimate.estimated_fit(list(records), "ials", dataset, LARGER, epochs)


@pytest.mark.parametrize(
    ("grows_with", "time", "size"), [("ratings", 3, 3), ("cells", 8, 8), ("items", 64, 16)]
)
def test_seconds_and_memory_grow_as_the_model_says(grows_with: str, time: int, size: int) -> None:
    fit = estimated(like(grows_with=grows_with))
    assert fit.seconds == pytest.approx(4.0 * time)
    assert fit.memory == pytest.approx(1e6 * (300 + 200 * size))


def test_epochs_scale_the_seconds_alone() -> None:
    fit = estimated(RECORD, dataset="small", epochs=25)
    assert (fit.seconds, fit.memory) == (pytest.approx(10.0), pytest.approx(5e8))


def test_the_latest_fit_on_the_same_data_set_counts_before_all_others() -> None:
    same = like(dataset="large", seconds=9.0)
    newest = like(dataset="large", seconds=7.0)
    as_large = like(ratings=24_000, seconds=100.0)
    assert estimated(same, newest, as_large).seconds == 100.0
    assert estimated(same, as_large, newest).seconds == 7.0


def test_the_nearest_in_size_counts() -> None:
    assert estimated(like(ratings=20_000, seconds=1.0), RECORD).seconds == pytest.approx(1.2)


def test_a_model_that_was_never_fitted_has_no_estimate() -> None:
    assert estimated(like(model="ease")) is None


def plan(further: dict[str, Any] | None = None) -> RunPlan:
    lists = {"splits": ["fold-1"], "models": ["ials", "ease"], "strategies": ["none"]}
    return RunPlan(**lists, bases=(), explained=(), further=further or {})


def summary(fit: FitRecord, available: float | None, **words: Any) -> Any:
    fits = {"ials": estimate.FitEstimate(fit.seconds, 1e6 * fit.peak_mb, fit)}
    return estimate.summarized(plan(**words), "large", fits, 1, 2, available)


def test_the_row_says_what_it_was_scaled_from_and_what_is_not_known() -> None:
    row = summary(RECORD, 8e9)
    assert (row.state, row.finding) == (
        "fine",
        "fits on large: about 4 s and 0.5 GB (of 8.0 GB): ials 4 s; scaled from the fits on small "
        "of 2026-11-28 by ratings; no fit recorded of ease",
    )


def test_a_fit_that_is_too_large_is_a_note_and_named() -> None:
    row = summary(like(peak_mb=9000.0), 8e9)
    assert (row.state, row.cure) == ("note", "take ials out of models in params.yaml")


def test_further_splits_run_side_by_side() -> None:
    further = {"splits": [f"fold-{number}" for number in range(2, 6)], "models": ["ials"]}
    assert "about 12 s and 1.0 GB" in summary(RECORD, None, further=further).finding


def project(folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.setenv("E2EP_CACHE_DIR", str(folder / "cache"))
    params = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
    return dict(params) | {"models": ["ials"], "rerank": params["rerank"] | {"bases": ["ials"]}}


def test_without_a_recorded_fit_the_row_says_how_to_get_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (row,) = estimate.check(tmp_path, project(tmp_path, monkeypatch), "ml-1m")
    assert (row.state, row.finding) == (
        "note",
        "no fit recorded yet, so time and memory are unknown; "
        "`e2ep run` on the sample records some",
    )


def test_a_published_set_is_estimated_before_it_is_here_and_damaged_lines_do_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    params = project(tmp_path, monkeypatch)
    append_fit(tmp_path / "cache", RECORD)
    with (tmp_path / "cache" / FITS_FILE).open("a") as file:
        file.write('{"model": "ials", "seconds": 1}\n{"mod')
    (row,) = estimate.check(tmp_path, params, "ml-1m")
    assert "ials 7 min; scaled from the fits on small of 2026-11-28" in row.finding
    assert estimate.check(tmp_path, params, "mine")[0].state == "note"
