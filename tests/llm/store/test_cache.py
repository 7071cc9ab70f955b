"""The cache: what is asked twice is paid for once, and only identical questions are the same."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import pytest
from pydantic import BaseModel

from stages.core.cache import cache_folder
from stages.core.errors import InputError
from stages.llm.chat import Reply, Settings, Usage
from stages.llm.store.cache import AnswerCache, cache_key
from stages.llm.task import Message

Make = Callable[..., Any]
GOOD = '{"label": "a", "score": 1}'


class Other(BaseModel):
    """Another answer type."""

    label: str


def test_the_same_task_is_asked_once(says: Make, task: Make, cached: Make) -> None:
    model = says(GOOD, "something else")
    cache = cached(model)
    replies = [asyncio.run(cache.reply(task())) for _ in range(3)]
    assert [reply.text for reply in replies] == [GOOD] * 3
    assert len(model.asked) == 1


def test_another_process_finds_the_reply_with_its_usage(
    says: Make, task: Make, cached: Make
) -> None:
    paid = Reply(text=GOOD, model="script-1-0613", usage=Usage(input_tokens=9, output_tokens=3))
    asyncio.run(cached(says(paid)).reply(task()))
    second = says("must not be asked")
    assert asyncio.run(cached(second).reply(task())) == paid
    assert second.asked == []


@pytest.mark.parametrize("outcome", ["refused", "truncated", "filtered", "invalid", "failed"])
def test_what_was_not_answered_is_asked_again_by_the_next_run(
    outcome: str, says: Make, task: Make, cached: Make
) -> None:
    model = says(Reply(text="", model="script-1", outcome=outcome), GOOD)
    runs = [asyncio.run(cached(model).reply(task())).outcome for _ in range(3)]
    assert runs == [outcome, "answered", "answered"]
    assert len(model.asked) == 2


def test_an_error_on_the_way_keeps_nothing(says: Make, task: Make, cached: Make) -> None:
    class Broken:
        provider, model = "scripted", "script-1"
        settings: ClassVar[Settings] = {}

        async def reply(self, _: object) -> Reply:
            raise TimeoutError

    with pytest.raises(TimeoutError):
        asyncio.run(cached(Broken()).reply(task()))
    model = says(GOOD)
    assert asyncio.run(cached(model).reply(task())).text == GOOD
    assert len(model.asked) == 1


def test_the_key_is_the_same_for_the_same_question(says: Make, task: Make) -> None:
    assert cache_key(says(), task()) == cache_key(says(), task())


@pytest.mark.parametrize(
    "changed",
    [
        {"items": ("bb", "a")},
        {"instructions": "Pick another."},
        {"answer": Other},
        {"turns": (Message("user", "hello"),)},
    ],
    ids=["order of items", "instructions", "schema", "turns"],
)
def test_another_question_has_another_key(changed: dict[str, Any], says: Make, task: Make) -> None:
    assert cache_key(says(), task(**changed)) != cache_key(says(), task())


def test_who_spoke_and_the_order_of_turns_change_the_key(says: Make, task: Make) -> None:
    one, two = Message("user", "one"), Message("user", "two")
    turns = [(one, two), (two, one), (Message("assistant", "one"), two)]
    assert len({cache_key(says(), task(turns=each)) for each in turns}) == 3


@pytest.mark.parametrize(
    "changed", [{"provider": "p"}, {"model": "m"}, {"settings": {"temperature": 0.5}}]
)
def test_another_model_has_another_key(changed: dict[str, Any], says: Make, task: Make) -> None:
    assert cache_key(replace(says(), **changed), task()) != cache_key(says(), task())


def test_the_rule_and_the_kind_are_not_part_of_what_is_asked(says: Make, task: Make) -> None:
    assert cache_key(says(), task(kind="other", rule=lambda _: None)) == cache_key(says(), task())


def test_no_key_of_the_environment_reaches_the_file(
    says: Make, task: Make, cached: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = "sk-made-up-0123456789"
    for name in ("OPENAI_API_KEY", "GEMINI_API_KEY", "TMDB_API_KEY"):
        monkeypatch.setenv(name, secret)
    asyncio.run(cached(says(GOOD)).reply(task()))
    content = b"".join(path.read_bytes() for path in (tmp_path / "cache").iterdir())
    assert b"label" in content
    assert secret.encode() not in content


def test_the_folder_is_that_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("E2EP_CACHE_DIR", "elsewhere")
    monkeypatch.setenv("DVC_ROOT", "main")
    assert cache_folder() == Path("elsewhere")


def test_the_folder_is_in_the_main_checkout_of_an_experiment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("E2EP_CACHE_DIR", raising=False)
    monkeypatch.setenv("DVC_ROOT", "main")
    assert cache_folder() == Path("main", ".cache")


def test_the_folder_is_here_without_dvc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("E2EP_CACHE_DIR", "")
    monkeypatch.delenv("DVC_ROOT", raising=False)
    monkeypatch.chdir(tmp_path)
    assert cache_folder() == tmp_path / ".cache"


def test_a_file_that_is_no_database_is_refused_in_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "answers.sqlite"
    file.write_text("not a database, " * 100, encoding="utf-8")
    with pytest.raises(
        InputError, match="cannot be used: file is not a database; make room there, move it away"
    ):
        AnswerCache(file)
