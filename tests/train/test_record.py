"""What the stage records about its time and memory, next to the artifacts, not interfering."""

import os
from pathlib import Path

import pytest

from stages.contracts.fits import FITS_FILE, Growth, append_fit, read_fits, settings_digest
from stages.train import record
from stages.train.models.e2ep.e2ep import E2ep
from stages.train.models.e2ep.settings import Config
from tests.train.test_stage import PARAMS, project, run

__all__ = ["project"]


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("E2EP_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("model", "time", "epochs"), [("ease", "items", None), ("e2ep", "cells", 2)]
)
def test_a_fit_is_recorded_with_its_sizes(
    cache: Path, model: str, time: str, epochs: int | None
) -> None:
    run(model)
    (fit,) = read_fits(cache)
    assert (fit.model, fit.split, fit.users, fit.items, fit.ratings) == (model, "fold-1", 6, 25, 60)
    assert (fit.growth.time, fit.epochs, fit.threads) == (time, epochs, 1)
    assert (fit.settings, fit.device) == (settings_digest(PARAMS["train"].get(model)), "cpu")
    assert fit.seconds > 0
    assert fit.peak_mb is not None
    assert fit.peak_mb > 0


def test_e2ep_holds_items_by_items_only_with_a_linear_part() -> None:
    def pairs(**linear: float) -> float:
        growth = E2ep(Config.model_validate({"linear": linear}), 0).growth
        small, large = (growth.fit_bytes(1, items, 1) for items in (1000, 2000))
        return (large - small) / (2000**2 - 1000**2)

    assert pairs() > 4
    assert pairs(most_items=999) == pairs(weight=0.0) < 0.1


@pytest.mark.usefixtures("project")
def test_without_the_module_resource_the_memory_is_unknown(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record, "resource", None)
    run("popularity")
    (fit,) = read_fits(cache)
    assert (fit.peak_mb, fit.growth) == (None, Growth())


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
