"""Rows of the other checks from given facts."""

import os
from pathlib import Path
from typing import Any

import pytest

from e2ep_cli.checks import disk, keys, pipeline, weights
from e2ep_cli.checks.code import CodeChange


def test_another_embedding_model_is_not_verified() -> None:
    assert [row.state for row in weights.check({"embed": {"model": "some/model"}})] == ["note"]


def test_no_key_is_needed_offline() -> None:
    (row,) = keys.check({"llm": {"provider": "offline"}}, {"GOOGLE_API_KEY": "secret"})
    assert "GOOGLE_API_KEY set" in row.finding
    assert row.finding.endswith("none is needed for llm.provider: offline")


@pytest.mark.parametrize(
    ("llm", "environment", "state"),
    [
        ({"provider": "openai"}, {}, "fault"),
        ({"provider": "openai"}, {"OPENAI_API_KEY": "x"}, "fine"),
        ({"provider": "openai", "base_url": "http://127.0.0.1:1/v1"}, {}, "fine"),
        ({"provider": "openai", "model": "gemma4:e4b"}, {}, "fine"),
        ({"provider": "openai", "users": "offline"}, {}, "fault"),
        ({"users": {"provider": "openai", "model": "gemma4:e4b"}}, {}, "fine"),
        ({"provider": "gemini"}, {"OPENAI_API_KEY": "x"}, "fault"),
        ({"provider": "gemini"}, {"GOOGLE_API_KEY": "x"}, "fine"),
        ({"provider": "replay"}, {}, "fine"),
        ({"provider": "openai", "base_url": "https://x.org/v1"}, {"OPENAI_API_KEY": "x"}, "fault"),
        ({"provider": "gemini", "base_url": "https://x.org"}, {"GEMINI_API_KEY": "x"}, "fault"),
        ({"provider": "openai", "base_url": "https://x.org/v1"}, {"E2EP_API_KEY": "x"}, "fine"),
    ],
)
def test_a_key_is_missed_where_the_provider_needs_one(
    llm: dict[str, str], environment: dict[str, str], state: str
) -> None:
    assert [row.state for row in keys.check({"llm": llm}, environment)] == [state]


def test_a_row_of_keys_says_which_section_needs_one() -> None:
    users = {"provider": "openai", "model": "gemma4:e4b"}
    for llm, said in (
        ({"provider": "openai", "users": users}, "llm.provider: openai needs OPENAI_API_KEY"),
        (
            {"users": users},
            "for llm.provider: offline and llm.users.provider: openai",
        ),
    ):
        (row,) = keys.check({"llm": llm}, {})
        assert row.finding.endswith(said)


def test_tmdb_needs_its_key() -> None:
    (row,) = keys.check({"enrich": {"source": "tmdb"}}, {})
    assert (row.state, row.cure) == ("fault", "export TMDB_API_KEY=…")
    mirror = {"source": "tmdb", "tmdb": {"base_url": "https://x.org/3"}}
    (row,) = keys.check({"enrich": mirror}, {"TMDB_API_KEY": "x"})
    assert (row.state, row.cure) == ("fault", "export E2EP_TMDB_API_KEY=…")
    mirror = {"source": "tmdb", "tmdb": {"base_url": "http://127.0.0.1:1/3"}}
    assert [row.state for row in keys.check({"enrich": mirror}, {})] == ["fine"]


@pytest.mark.parametrize(("free", "state"), [(3e9, "fine"), (1.9e9, "note"), (4.9e8, "fault")])
def test_room(free: float, state: str) -> None:
    assert disk.room(free, ["data"]).state == state


def test_a_read_only_folder_is_a_fault(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    (tmp_path / "data").mkdir(mode=0o500)
    assert [row.finding for row in disk.check(tmp_path) if row.state == "fault"] == [
        "cannot be written: data"
    ]


def test_many_stale_stages_are_counted_not_listed() -> None:
    names = [f"stage-{n}" for n in range(9)]
    status: dict[str, Any] = {name: [] for name in names[:8]}
    row = pipeline.stale_stages("sample", names, status, CodeChange(), "e2ep run")
    assert row.finding.startswith("1 of 9 stages of sample up to date; out of date: stage-0, ")
    assert row.finding.endswith("stage-4 and 3 more, and what depends on them")


def test_stages_that_changed_code_makes_stale_are_named_with_the_files() -> None:
    change = CodeChange(("stages/train/models/ease.py",), ("train@sample-ease-fold-1",))
    names = ["prepare@sample", "train@sample-ease-fold-1", "report@sample"]
    row = pipeline.stale_stages("sample", names, {}, change, "e2ep run")
    assert (row.state, row.cure) == ("note", "e2ep run")
    assert row.finding == (
        "2 of 3 stages of sample up to date; out of date: train@sample-ease-fold-1, "
        "and what depends on them; code changed: stages/train/models/ease.py"
    )
