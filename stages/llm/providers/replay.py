"""The provider `replay`: recorded answers from a JSONL file, without a key or a network.

A line is {"asked": [{"role", "content"}, …], "reply": {"text", "model", "outcome", …}}, as the
cache keeps them.
"""

import hashlib
import json
from pathlib import Path

from pydantic import ValidationError

from stages.core.errors import InputError, MissingError, ParamError
from stages.llm.answers.structured import REPAIR
from stages.llm.chat import Reply, Settings
from stages.llm.params import LlmParams
from stages.llm.task import Task


class Replay:
    """Finds a reply by its messages alone, a repair by those before the fault.

    The words for a fault may change between versions.
    """

    provider = "replay"

    def __init__(self, file: Path) -> None:
        self.file = file
        self.model = f"replay of {file.name}"
        self.settings: Settings = {}
        if not file.is_file():
            raise MissingError(
                f"llm.replay: {file} is not a file; write one with `e2ep llm export`, or check the "
                "path"
            )
        with file.open("rb") as lines:
            self._replies = dict(
                _read(file, number, line) for number, line in enumerate(lines, 1) if line.strip()
            )
        if not self._replies:
            raise InputError(
                f"llm.replay: {file} holds no answers; write it again with `e2ep llm export`"
            )

    async def reply(self, task: Task) -> Reply:
        reply = self._replies.get(_digest(task.plain_messages()))
        if reply is None:
            raise MissingError(
                f"{self.file} holds no answer to this question of kind {task.kind}; it was "
                "recorded with other data, parameters or prompts: use those, or set llm.provider "
                "to the one that answered"
            )
        return reply


def _read(file: Path, number: int, line: bytes) -> tuple[str, Reply]:
    try:
        row = json.loads(line)
        return _digest(row["asked"]), Reply.model_validate(row["reply"])
    except (ValueError, KeyError, TypeError, RecursionError, ValidationError):
        raise InputError(
            f"{file}, line {number}, is not a recorded answer; export the file again"
        ) from None


def _digest(messages: list[dict[str, str]]) -> str:
    if messages and messages[-1]["content"].startswith(REPAIR):
        messages = [*messages[:-1], {"role": "user", "content": REPAIR}]
    return hashlib.sha256(
        json.dumps(messages, sort_keys=True, ensure_ascii=False).encode()
    ).hexdigest()


def connect(params: LlmParams) -> Replay:
    """The recorded answers that `llm.replay` names."""
    if params.replay is None:
        raise ParamError(
            "llm.provider is replay, but llm.replay names no file of recorded answers; add "
            "--set llm.replay=FILE, which `e2ep llm export` writes"
        )
    return Replay(params.replay)
