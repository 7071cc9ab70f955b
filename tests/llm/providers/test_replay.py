"""Replay: recorded answers and nothing else."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stages.core.errors import InputError, MissingError, ParamError
from stages.llm.answers.structured import ask, repair_of
from stages.llm.chat import Reply
from stages.llm.params import LlmParams
from stages.llm.providers import connected

REPLY = Reply(text='{"label": "a", "score": 1}', model="gpt-4o-mini-2024")


def recorded(file: Path, task: Any) -> None:
    line = {"asked": task.plain_messages(), "reply": REPLY.model_dump(mode="json")}
    file.write_text(json.dumps(line) + "\n", encoding="utf-8")


def replayed(file: Path, task: Any) -> Any:
    async def run() -> Any:
        async with connected(LlmParams(provider="replay", replay=file)) as model:
            return await ask(model, task)

    return asyncio.run(run())


def test_a_recorded_answer_comes_back_with_its_model(
    tmp_path: Path, task: Callable[..., Any]
) -> None:
    recorded(tmp_path / "answers.jsonl", task())
    answer = replayed(tmp_path / "answers.jsonl", task())
    assert (answer.outcome, answer.reply) == ("answered", REPLY)


def test_a_question_that_was_not_recorded_is_one_sentence(
    tmp_path: Path, task: Callable[..., Any]
) -> None:
    recorded(tmp_path / "answers.jsonl", task())
    with pytest.raises(
        MissingError, match=r"answers\.jsonl holds no answer to this question of kind pick"
    ):
        replayed(tmp_path / "answers.jsonl", task(("other",)))


@pytest.mark.parametrize(
    "line", [b"no", b"{}", b"[]", b'{"asked": [], "reply": {}}', b"\xff\xfe\x00", b"[" * 200_000]
)
def test_a_broken_line_is_named(line: bytes, tmp_path: Path, task: Callable[..., Any]) -> None:
    (tmp_path / "answers.jsonl").write_bytes(b"\n" + line)
    with pytest.raises(InputError, match=r"answers\.jsonl, line 2, is not a recorded answer"):
        replayed(tmp_path / "answers.jsonl", task())


def test_no_file_is_refused(tmp_path: Path, task: Callable[..., Any]) -> None:
    with pytest.raises(MissingError, match="is not a file; write one with `e2ep llm export`"):
        replayed(tmp_path / "none.jsonl", task())
    with pytest.raises(ParamError, match=r"llm\.replay names no file"):
        asyncio.run(connected(LlmParams(provider="replay")).__aenter__())


def test_a_file_without_answers_is_refused(tmp_path: Path, task: Callable[..., Any]) -> None:
    (tmp_path / "empty.jsonl").write_text("\n")
    with pytest.raises(InputError, match="holds no answers"):
        replayed(tmp_path / "empty.jsonl", task())


def test_a_repair_is_found_though_an_older_version_worded_the_fault_otherwise(
    tmp_path: Path, task: Callable[..., Any]
) -> None:
    bad = Reply(text="no", model="m")
    older = repair_of(task(), bad, "no JSON here")
    lines = [
        {"asked": question.plain_messages(), "reply": reply.model_dump(mode="json")}
        for question, reply in ((task(), bad), (older, REPLY))
    ]
    text = "\n".join(json.dumps(line) for line in lines)
    (tmp_path / "answers.jsonl").write_text(text, encoding="utf-8")
    answer = replayed(tmp_path / "answers.jsonl", task())
    assert (answer.outcome, answer.repaired, answer.reply) == ("answered", True, REPLY)
