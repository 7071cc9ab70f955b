"""What the stage records about its time and memory, next to the artifacts, not interfering."""

import os
from pathlib import Path

import pytest

from stages.contracts.fits import FITS_FILE, append_fit, read_fits
from tests.train.test_stage import project, run

__all__ = ["project"]


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("E2EP_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("model", "growth", "epochs"), [("ease", "items", None), ("e2ep", "cells", 2)]
)
def test_a_fit_is_recorded_with_its_sizes(
    cache: Path, model: str, growth: str, epochs: int | None
) -> None:
    run(model)
    (fit,) = read_fits(cache)
    assert (fit.model, fit.split, fit.users, fit.items, fit.ratings) == (model, "fold-1", 6, 25, 60)
    assert (fit.grows_with, fit.epochs, fit.threads) == (growth, epochs, 1)
    assert fit.seconds > 0
    assert 0 < fit.base_mb <= fit.peak_mb


@pytest.mark.usefixtures("project")
def test_the_outputs_are_the_same_whether_or_not_the_record_can_be_written(
    cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = run("popularity", "first")
    (cache / FITS_FILE).unlink()
    cache.rmdir()
    cache.write_text("in the way")
    assert run("popularity", "second") == first
    assert "were not recorded: the cache cannot be in" in capsys.readouterr().err


@pytest.mark.usefixtures("project")
def test_a_read_only_folder_fails_no_fit(cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    cache.mkdir(mode=0o500)
    assert run("popularity")
    assert "were not recorded: " in capsys.readouterr().err


@pytest.mark.usefixtures("project")
def test_a_fit_that_fails_is_not_recorded(cache: Path) -> None:
    Path("embed/items/unified.safetensors").unlink()
    with pytest.raises(SystemExit, match="1"):
        run("e2ep")
    assert list(read_fits(cache)) == []


@pytest.mark.usefixtures("project")
def test_damaged_lines_are_left_out(cache: Path) -> None:
    run("popularity")
    (fit,) = read_fits(cache)
    with (cache / FITS_FILE).open("a") as file:
        file.write('{"model": 1}\nnot JSON\n')
    append_fit(cache, fit)
    assert list(read_fits(cache)) == [fit, fit]
