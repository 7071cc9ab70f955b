"""The kept answers from outside: exported, counted, deleted."""

import asyncio
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from stages.core.errors import MissingError
from stages.llm.answers.structured import Answer, ask
from stages.llm.chat import Reply
from stages.llm.params import LlmParams
from stages.llm.providers import connected
from stages.llm.store.cache import AnswerCache, cache_key
from stages.llm.store.inventory import (
    AnswerFilter,
    count_answers,
    delete_answers,
    export_answers,
)
from stages.llm.wrappers.cached import Cached

Make = Callable[..., Any]
GOOD = '{"label": "a", "score": 1}'


def kept(file: Path, model: Any, task: Any, at: float = 100.0) -> str:
    """Ask once, at that time; the key."""
    cache = Cached(model, AnswerCache(file, now=lambda: at))
    asyncio.run(cache.reply(task))
    cache.close()
    return cache_key(model, task)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "replies.sqlite"


def test_what_is_exported_is_what_a_replay_answers_also_a_refusal(
    says: Make, task: Make, file: Path, tmp_path: Path
) -> None:
    refusal = Reply(text="no", model="script-1", outcome="refused")
    keys = [kept(file, says(GOOD), task(("a",))), kept(file, says(refusal), task(("b",)))]
    (tmp_path / "answers.jsonl").write_text("\n".join(export_answers(file, keys)), encoding="utf-8")

    async def run() -> list[Answer]:
        async with connected(
            LlmParams(provider="replay", replay=tmp_path / "answers.jsonl")
        ) as model:
            return [await ask(model, task((name,))) for name in "ab"]

    answers = asyncio.run(run())
    assert [(answer.outcome, answer.reply.text) for answer in answers] == [
        ("answered", GOOD),
        ("refused", "no"),
    ]


def test_an_answer_that_came_after_a_refusal_is_the_one_exported(
    says: Make, task: Make, file: Path
) -> None:
    refusal = Reply(text="no", model="script-1", outcome="refused")
    key = kept(file, says(refusal), task())
    assert kept(file, says(GOOD), task()) == key
    [line] = export_answers(file, [key])
    assert json.loads(line)["reply"]["text"] == GOOD


def test_an_answer_that_was_deleted_cannot_be_exported(says: Make, task: Make, file: Path) -> None:
    key = kept(file, says(GOOD), task())
    delete_answers(file, AnswerFilter())
    with pytest.raises(MissingError, match="1 of 1 answers are no longer in"):
        export_answers(file, [key])


def test_without_a_cache_it_is_one_sentence(file: Path) -> None:
    with pytest.raises(MissingError, match="no answer of a chat model has been kept yet"):
        count_answers(file, AnswerFilter())


@pytest.mark.parametrize(
    ("which", "left"),
    [
        (AnswerFilter(before=150.0), ["new"]),
        (AnswerFilter(before=100.0), ["new", "old"]),
        (AnswerFilter(model="script-2"), ["old"]),
        (AnswerFilter(task="pick"), []),
        (AnswerFilter(task="rank"), ["new", "old"]),
        (AnswerFilter(before=150.0, model="script-2"), ["new", "old"]),
        (AnswerFilter(), []),
    ],
)
def test_answers_are_deleted_by_age_model_and_task(
    which: AnswerFilter, left: list[str], says: Make, task: Make, file: Path
) -> None:
    kept(file, says(Reply(text=GOOD, model="script-1")), task(("old",)), at=100.0)
    kept(
        file, says(Reply(text="no", model="script-2", outcome="refused")), task(("new",)), at=200.0
    )
    count = sum(group.answers for group in count_answers(file, which))
    assert delete_answers(file, which) == count == 2 - len(left)
    with closing(sqlite3.connect(file)) as database:
        rows = [
            asked
            for table in ("replies", "unanswered")
            for (asked,) in database.execute(f"SELECT asked FROM {table}")
        ]
    assert sorted(name for name in ("new", "old") if any(name in row for row in rows)) == left


def test_counts_name_kind_model_and_age(says: Make, task: Make, file: Path) -> None:
    for n, at in enumerate((300.0, 100.0, 200.0)):
        kept(file, says(Reply(text=GOOD, model="script-1")), task((str(n),)), at=at)
    [group] = count_answers(file, AnswerFilter())
    assert (group.task, group.model, group.answers, group.oldest, group.newest) == (
        "pick",
        "script-1",
        3,
        100.0,
        300.0,
    )


def test_a_cache_of_an_older_version_is_taken_over_with_its_answers(
    says: Make, task: Make, file: Path
) -> None:
    model = says("must not be asked")
    with closing(sqlite3.connect(file)) as database, database:
        for table in ("replies", "unanswered"):
            database.execute(
                f"CREATE TABLE {table} "
                "(key TEXT PRIMARY KEY, kind TEXT, model TEXT, asked TEXT, reply TEXT)"
            )
        reply = Reply(text=GOOD, model="script-1").model_dump_json()
        database.execute(
            "INSERT INTO replies VALUES (?, 'pick', 'script-1', '[]', ?)",
            (cache_key(model, task()), reply),
        )
    kept(file, model, task())
    assert model.asked == []
    [group] = count_answers(file, AnswerFilter(before=1.0))
    assert (group.answers, group.oldest) == (1, None)
