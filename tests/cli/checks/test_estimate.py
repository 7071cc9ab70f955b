"""Time and memory of fits, scaled from fits that were recorded."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from e2ep_cli.checks import estimate
from stages.contracts.fits import FITS_FILE, FitRecord, Growth, append_fit
from stages.contracts.plan import RunPlan
from stages.core.errors import ParamError
from stages.data.dataset import Counts
from stages.train.models.e2ep.e2ep import E2ep
from stages.train.models.e2ep.settings import Config

ROOT = Path(__file__).parents[3]
GROWTH = Growth(rating_bytes=1000, pair_bytes=10)
RECORD = FitRecord(
    at=datetime(2026, 11, 28, tzinfo=UTC),
    model="ials",
    dataset="small",
    split="fold-1",
    users=100,
    items=200,
    ratings=8_000,
    epochs=10,
    growth=GROWTH,
    settings="0" * 64,
    threads=1,
    seconds=4.0,
    peak_mb=500.0,
)
SMALL = Counts(users=100, movies=200, ratings=10_000)
LARGER = Counts(users=200, movies=800, ratings=30_000)
HUGE = Counts(users=100, movies=200, ratings=110_000)


def like(**changes: Any) -> FitRecord:
    return RECORD.model_copy(update=changes)


def estimated(
    *records: FitRecord,
    counts: Counts = LARGER,
    epochs: int | None = None,
    settings: str = RECORD.settings,
    threads: int = 1,
) -> Any:
    wanted = estimate.Wanted("ials", counts, epochs, settings, threads)
    return estimate.estimated_fit(list(records), wanted)


@pytest.mark.parametrize(("by", "times"), [("ratings", 3), ("cells", 8), ("items", 64)])
def test_seconds_grow_as_the_model_says(by: str, times: int) -> None:
    fit = estimated(like(growth=Growth.model_validate({"time": by})))
    assert fit.seconds == pytest.approx(4.0 * times)
    assert fit.factor == pytest.approx(times)


def test_memory_is_the_recorded_peak_and_what_grows() -> None:
    grown = 1000 * 16_000 + 10 * (800**2 - 200**2) + 40 * (200 * 800 - 100 * 200)
    assert estimated(RECORD).memory == pytest.approx(5e8 + grown)


def test_the_constant_part_stays_on_fewer_data() -> None:
    smaller = Counts(users=50, movies=100, ratings=5_000)
    fit = estimated(RECORD, counts=smaller)
    assert (fit.seconds, fit.memory) == (pytest.approx(2.0), 5e8)


def test_memory_that_was_not_recorded_stays_unknown() -> None:
    fit = estimated(like(peak_mb=None))
    assert (fit.seconds, fit.memory) == (pytest.approx(12.0), None)
    assert summary(like(peak_mb=None), 8e9).finding.startswith("fits on large: about 4 s: ials 4 s")


def test_epochs_scale_the_seconds_alone() -> None:
    fit = estimated(RECORD, counts=SMALL, epochs=25)
    assert (fit.seconds, fit.memory) == (pytest.approx(10.0), pytest.approx(5e8))


def test_the_name_of_the_data_set_says_nothing_about_its_size() -> None:
    fit = estimated(like(dataset="large"))
    assert fit.seconds == pytest.approx(12.0)
    finding = summary(like(dataset="large"), 8e9).finding
    assert "scaled from the fits on large of 2026-11-28 by ratings" in finding


def test_of_equally_near_fits_the_latest_counts() -> None:
    first, second = like(seconds=9.0), like(seconds=7.0)
    assert estimated(first, second, counts=SMALL).seconds == 7.0
    assert estimated(second, first, counts=SMALL).seconds == 9.0


def test_the_nearest_in_size_counts() -> None:
    assert estimated(like(ratings=20_000, seconds=1.0), RECORD).seconds == pytest.approx(1.2)


def test_equal_settings_and_threads_count_before_a_nearer_size() -> None:
    near = like(ratings=24_000, seconds=100.0)
    assert estimated(RECORD, near).seconds == 100.0
    nearer = like(ratings=24_000)
    for other in (
        nearer.model_copy(update={"settings": "1" * 64}),
        nearer.model_copy(update={"threads": 2}),
        nearer.model_copy(update={"device": "cuda"}),
    ):
        fit = estimated(RECORD, other)
        assert (fit.source, fit.alike) == (RECORD, True)
    fit = estimated(RECORD, settings="1" * 64)
    assert (fit.source, fit.alike) == (RECORD, False)


def test_a_fit_of_another_order_of_magnitude_counts_last() -> None:
    other = like(ratings=80_000, settings="1" * 64)
    assert estimated(RECORD, other, counts=HUGE).source == other
    assert estimated(RECORD, counts=HUGE).factor == pytest.approx(11)


def test_a_model_that_was_never_fitted_has_no_estimate() -> None:
    assert estimated(like(model="ease")) is None


def plan(further: dict[str, Any] | None = None, **lists: Any) -> RunPlan:
    own = {"splits": ["fold-1"], "models": ["ials", "ease"], "strategies": ["none"], "bases": []}
    return RunPlan(**own | lists, explained=(), further=further or {})


def summary(fit: FitRecord, available: float | None, counts: Counts = LARGER, **words: Any) -> Any:
    """The row for a fit that is scaled to `counts`, with the recorded seconds and peak."""
    scaled = estimated(fit, counts=counts, settings=words.pop("settings", fit.settings))
    peak = None if fit.peak_mb is None else 1e6 * fit.peak_mb
    fits = {"ials": replace(scaled, seconds=fit.seconds, memory=peak)}
    return estimate.summarized(plan(**words), "large", fits, 1, 2, available)


def test_the_row_says_what_it_was_scaled_from_and_what_is_not_known() -> None:
    row = summary(RECORD, 8e9)
    assert (row.state, row.finding) == (
        "fine",
        "fits on large: about 4 s and 0.5 GB (of 8.0 GB): ials 4 s; scaled from the fits on small "
        "of 2026-11-28 by ratings; no fit recorded of ease",
    )


def test_equally_large_data_are_not_scaled() -> None:
    assert "as in the fits on small of 2026-11-28;" in summary(RECORD, 8e9, SMALL).finding


def test_other_settings_are_said() -> None:
    finding = summary(RECORD, 8e9, SMALL, settings="1" * 64).finding
    assert "as in the fits on small of 2026-11-28 with other settings" in finding


def test_a_fit_that_is_too_large_is_a_note_and_named() -> None:
    row = summary(like(peak_mb=9000.0), 8e9)
    assert (row.state, row.cure) == ("note", "take ials out of models in params.yaml")


def test_beyond_a_factor_of_ten_there_is_an_order_of_magnitude_and_no_cure() -> None:
    row = summary(like(peak_mb=9000.0), 8e9, HUGE)
    assert (row.state, row.cure) == ("fine", "")
    assert row.finding.startswith("fits on large: roughly 4 s and 9.0 GB (of 8.0 GB)")
    assert "by ratings, an order of magnitude only" in row.finding


def test_further_splits_run_side_by_side() -> None:
    further = {"splits": [f"fold-{number}" for number in range(2, 6)], "models": ["ials"]}
    assert "about 12 s and 1.0 GB" in summary(RECORD, None, further=further).finding


NEXT = {"splits": ["next"]}


def test_next_is_one_more_fit_of_the_bases() -> None:
    assert "about 4 s" in summary(RECORD, None, shown=NEXT, bases=["ease"]).finding
    assert "about 8 s" in summary(RECORD, None, shown=NEXT, bases=["ials"]).finding


def project(folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.setenv("E2EP_CACHE_DIR", str(folder / "cache"))
    params = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
    lists = {"models": ["ials"], "shown": {}}
    return dict(params) | lists | {"rerank": params["rerank"] | {"bases": ["ials"]}}


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


@pytest.mark.parametrize(
    ("section", "message"),
    [
        ({"epochs": "abc"}, "train.lightgcn.epochs in params.yaml is 'abc'"),
        ({"epochs": 0}, "train.lightgcn.epochs in params.yaml is 0"),
        ([3], "train.lightgcn in params.yaml is [3]"),
    ],
)
def test_epochs_that_cannot_be_right_are_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, section: Any, message: str
) -> None:
    params = project(tmp_path, monkeypatch)
    append_fit(tmp_path / "cache", RECORD)
    params |= {"models": ["ials", "lightgcn"], "train": params["train"] | {"lightgcn": section}}
    with pytest.raises(ParamError, match=re.escape(message)):
        estimate.check(tmp_path, params, "ml-1m")


@pytest.mark.parametrize("train", [None, 5])
def test_a_section_without_models_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, train: Any
) -> None:
    params = project(tmp_path, monkeypatch) | {"train": train}
    with pytest.raises(ParamError, match="train"):
        estimate.check(tmp_path, params, "ml-1m")


def test_a_model_without_a_section_has_its_own_epochs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    params = project(tmp_path, monkeypatch)
    append_fit(tmp_path / "cache", RECORD)
    params["train"] = {"common": None, "ials": None}
    (row,) = estimate.check(tmp_path, params, "ml-1m")
    assert "ials 7 min" in row.finding


def test_from_the_sample_e2ep_takes_little_more_memory_on_a_million_ratings() -> None:
    """1.3 GB were measured, 0.6 GB on the sample."""
    growth = E2ep(Config(), 0).growth
    sample = {"users": 400, "items": 300, "ratings": 12_771, "epochs": 100, "peak_mb": 565.0}
    counts = Counts(users=6040, movies=3883, ratings=1_000_209)
    fit = estimated(like(growth=growth, **sample), counts=counts)
    assert 1.1e9 < fit.memory < 1.8e9
    assert fit.factor > 10
