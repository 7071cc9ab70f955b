"""The record of fits: its lines, its length, and how memory grows."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from stages.contracts import fits
from stages.contracts.fits import (
    FITS_FILE,
    FitRecord,
    Growth,
    append_fit,
    read_fits,
    settings_digest,
)

START = datetime(2026, 11, 28, tzinfo=UTC)
FIT = FitRecord(
    at=START,
    model="ials",
    dataset="small",
    split="fold-1",
    users=100,
    items=200,
    ratings=8_000,
    epochs=10,
    growth=Growth(),
    settings="0" * 64,
    threads=1,
    seconds=4.0,
    peak_mb=500.0,
)


def like(number: int, **changes: Any) -> FitRecord:
    return FIT.model_copy(update={"at": START + timedelta(seconds=number), **changes})


def test_a_partial_last_line_is_lost_alone(tmp_path: Path) -> None:
    append_fit(tmp_path, like(1))
    with (tmp_path / FITS_FILE).open("a") as file:
        file.write('{"model": "ia')
    append_fit(tmp_path, like(2))
    append_fit(tmp_path, like(3))
    assert list(read_fits(tmp_path)) == [like(1), like(2), like(3)]
    assert len((tmp_path / FITS_FILE).read_text().splitlines()) == 4


def test_a_long_record_keeps_the_last_few_of_each_kind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fits, "MOST_LINES", 20)
    rare = [like(0, model="ease"), like(1, dataset="large"), like(2, settings="1" * 64)]
    often = [like(number) for number in range(3, 21)]
    for fit in (*rare, *often):
        append_fit(tmp_path, fit)
    assert list(read_fits(tmp_path)) == [*rare, *often[-fits.KEPT :]]
    assert [file.name for file in tmp_path.iterdir()] == [FITS_FILE]


def test_the_record_is_bounded_whatever_was_fitted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fits, "MOST_LINES", 20)
    for number in range(50):
        append_fit(tmp_path, like(number, settings=f"{number:064}"))
        assert len((tmp_path / FITS_FILE).read_text().splitlines()) <= 20
    assert list(read_fits(tmp_path))[-1] == like(49, settings=f"{49:064}")


def test_equal_settings_have_one_digest_whatever_their_order() -> None:
    assert settings_digest({"a": 1, "b": {5: 1.0, 4: 0.5}}) == settings_digest(
        {"b": {4: 0.5, 5: 1.0}, "a": 1}
    )
    assert settings_digest(None) == settings_digest({}) != settings_digest({"a": 1})
    assert settings_digest({5: 1, "a": 2})


def test_memory_grows_by_ratings_pairs_and_the_scores_of_a_chunk() -> None:
    growth = Growth(rating_bytes=100, pair_bytes=8, most_items=1000)
    few, many = growth.fit_bytes(10, 1000, 50), growth.fit_bytes(10, 1001, 50)
    assert few == 50 * 100 + 8 * 1000**2 + fits.CELL_BYTES * 10 * 1000
    assert many == 50 * 100 + fits.CELL_BYTES * 10 * 1001
    assert growth.fit_bytes(10**6, 10**6, 0) <= fits.CELL_BYTES * fits.CELLS_AT_ONCE


def test_the_chunk_is_that_of_the_candidates() -> None:
    from stages.train.fitting.candidates import CELLS

    assert fits.CELLS_AT_ONCE == CELLS
