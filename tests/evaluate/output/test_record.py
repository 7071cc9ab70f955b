"""What record.json says of a run."""

from typing import Any

import numpy as np

from stages.contracts.plan import run_plan
from stages.evaluate.output.record import record, sha256_of

PARAMS: dict[str, Any] = {
    "splits": ["fold-1"],
    "models": ["ease"],
    "strategies": ["none"],
    "seed": 7,
    "rerank": {"bases": ["ease"]},
    "train": {"ease": {"reg": 1, "depth": 2}},
    "report": {"films": 3},
}


def test_hash_does_not_depend_on_the_order_of_keys_but_on_every_value() -> None:
    assert sha256_of({"a": 1, "b": 2}) == sha256_of({"b": 2, "a": 1})
    assert sha256_of({"a": 1, "b": 2}) != sha256_of({"a": 1, "b": 3})


def test_names_the_sections_that_shape_the_numbers() -> None:
    assert set(record(PARAMS, run_plan(PARAMS), None, []).params) == {"rerank", "train"}


def test_the_settings_of_a_model_that_was_not_run_change_nothing() -> None:
    other = PARAMS | {"train": PARAMS["train"] | {"gat": {"heads": 4}}}
    assert record(other, run_plan(other), None, []) == record(PARAMS, run_plan(PARAMS), None, [])


def test_the_settings_of_a_model_that_was_run_change_the_hash() -> None:
    other = PARAMS | {"train": {"ease": {"reg": 2, "depth": 2}}}
    hashes = [record(params, run_plan(params), None, []).params for params in (PARAMS, other)]
    assert hashes[0]["train"] != hashes[1]["train"]
    assert hashes[0]["rerank"] == hashes[1]["rerank"]


def test_carries_the_data_cards_checksums_and_installed_versions() -> None:
    made = record(PARAMS, run_plan(PARAMS), {"ratings.csv": "ab"}, ["b", "a"])
    assert made.data == {"ratings.csv": "ab"}
    assert made.versions["numpy"] == np.__version__


def test_without_checksums_the_data_are_null() -> None:
    assert record(PARAMS, run_plan(PARAMS), None, []).data is None


def test_a_switch_of_rerank_that_is_off_changes_nothing_and_one_that_is_on_does() -> None:
    rerank = {"bases": ["ease"], "strategies": {}}
    plain, off, on = (
        PARAMS | {"rerank": rerank | more}
        for more in ({}, {"fit_weight": False}, {"fit_weight": True})
    )
    hashes = [
        record(params, run_plan(params), None, []).params["rerank"] for params in (plain, off, on)
    ]
    assert hashes[0] == hashes[1] != hashes[2]


def test_devices_are_no_part_of_it() -> None:
    on = [
        PARAMS
        | {"train": {"common": {"threads": 1, "device": device}}, "embed": {"device": device}}
        for device in ("cpu", "cuda")
    ]
    first, second = (record(params, run_plan(params), None, []) for params in on)
    assert first == second
    assert first.params["embed"] == sha256_of({})


def test_how_the_answers_came_is_no_part_of_it_and_who_gave_them_is() -> None:
    live, recorded = (PARAMS | {"llm": {"provider": provider}} for provider in ("openai", "replay"))
    assert record(live, run_plan(live), None, ["b", "a"]) == record(
        recorded, run_plan(recorded), None, ["a", "b"]
    )
    assert record(live, run_plan(live), None, ["b"]).answered_by == ("b",)
