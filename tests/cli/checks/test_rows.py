"""Rows of the other checks from given facts."""

import os
from pathlib import Path

import pytest

from e2ep_cli.checks import capacity, disk, keys, needs, pipeline, weights
from stages.data.dataset import Counts
from stages.train.fitting.named import model_names


def test_another_embedding_model_is_not_verified() -> None:
    assert [row.state for row in weights.check({"embed": {"model": "some/model"}})] == ["note"]


def test_no_key_is_needed_offline() -> None:
    (row,) = keys.check({"llm": {"provider": "offline"}}, {"GOOGLE_API_KEY": "secret"})
    assert "GOOGLE_API_KEY set" in row.found
    assert row.found.endswith("none is needed for llm.provider: offline")


@pytest.mark.parametrize(("free", "state"), [(3e9, "fine"), (1.9e9, "note"), (4.9e8, "fault")])
def test_room(free: float, state: str) -> None:
    assert disk.room(free, ["data"]).state == state


def test_a_read_only_folder_is_a_fault(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    (tmp_path / "data").mkdir(mode=0o500)
    assert [row.found for row in disk.check(tmp_path) if row.state == "fault"] == [
        "cannot be written: data"
    ]


def test_many_stale_stages_are_counted_not_listed() -> None:
    row = pipeline.told(
        "sample", [f"stage-{n}" for n in range(9)], {f"stage-{n}": [] for n in range(8)}
    )
    assert row.found.startswith("1 of 9 stages of sample up to date; out of date: stage-0, ")
    assert row.found.endswith("stage-4 and 3 more")


def test_needs_of_a_small_set() -> None:
    counts = Counts(users=100, movies=1000, ratings=10_000)
    assert needs.ease(counts, {}).seconds == pytest.approx(2 * 0.1)
    assert needs.e2ep(counts, {"epochs": 10}).seconds == pytest.approx(
        2 * (10 * 3 * (0.001 + 0.0039) + 0.14)
    )
    assert needs.paper(counts, {"epochs": 10}).seconds == pytest.approx(2 * 10 * 0.08)
    assert needs.pairwise(counts, {"epochs": 10, "batch": 550}).seconds == pytest.approx(
        2 * 10 * 10 * 3 * 0.0016
    )
    assert needs.embedding(counts, splits=5, cores=2).seconds == pytest.approx(3 * 1500 / 130)


def test_every_model_has_its_needs() -> None:
    assert set(model_names()) == set(needs.MODELS)


def test_a_model_that_does_not_fit_is_a_note_and_named() -> None:
    parts = {"embed": needs.Need(10, 7e8), "unified": needs.Need(3000, 2e10)}
    assert capacity.told(parts, 2, 3e10).state == "fine"
    row = capacity.told(parts, 2, 8e9)
    assert (row.state, row.cure) == ("note", "take unified out of models in params.yaml")
    assert "20.0 GB (of 8.0 GB)" in row.found


def test_a_known_set_is_estimated_before_it_is_here(tmp_path: Path) -> None:
    params = {
        "splits": ["fold-1"],
        "models": ["ease", "other"],
        "rerank": {"bases": ["ease"]},
        "train": {},
    }
    (row,) = capacity.check(tmp_path, params, "ml-1m", 10)
    assert "ease 12 s" in row.found
    assert "not measured: other" in row.found
    assert capacity.check(tmp_path, params, "mine", 10)[0].state == "note"


def test_further_splits_run_side_by_side() -> None:
    counts = Counts(users=100, movies=1000, ratings=10_000)
    further = {"splits": [f"fold-{number}" for number in range(2, 6)], "models": ["ease"]}
    params = {
        "splits": ["fold-1"],
        "models": ["ease"],
        "rerank": {"bases": []},
        "train": {},
        "further": further,
    }
    alone, need = needs.ease(counts, {}), capacity.needed(counts, params, 1, 2)["ease"]
    assert need.seconds == pytest.approx(3 * alone.seconds)
    assert need.memory == pytest.approx(2 * alone.memory)
