"""The question for the rest of a line, and the rule that answers it without a model."""

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from stages.contracts.metrics.memorised import RecitedKind
from stages.llm.prompt import Prompt, read_prompt
from stages.llm.task import Message, Task, harmless
from stages.memorised.lines import Excerpt, KindLines

_PROMPTS = Path(__file__).parent / "prompts"
UNKNOWN = "unknown"


class Rest(BaseModel):
    """What follows on the line."""

    rest: str


def kind_prompt(kind: RecitedKind) -> Prompt:
    """The instructions for a kind of line."""
    return read_prompt(_PROMPTS / f"recite-{kind}.md")


def rest_task(lines: KindLines, asked: Excerpt) -> Task[Rest]:
    """The question: the examples as earlier turns, then the line to complete."""
    turns = [
        message
        for example in lines.examples
        for message in (
            Message("user", _text(_question(lines, example))),
            Message("assistant", _text({"rest": example.rest})),
        )
    ]
    return Task(
        f"memorised-{lines.kind.removesuffix('s')}",
        kind_prompt(lines.kind).text,
        _question(lines, asked),
        Rest,
        unknown_rule,
        tuple(turns),
    )


def unknown_rule(_payload: dict[str, Any]) -> Rest:
    """Rules have read nothing."""
    return Rest(rest=UNKNOWN)


def _question(lines: KindLines, asked: Excerpt) -> dict[str, Any]:
    where = {"dataset": lines.dataset, "file": lines.file}
    before = {"before": list(asked.before)} if asked.before else {}
    return where | before | {"line": asked.start}


def _text(value: dict[str, Any]) -> str:
    return json.dumps(harmless(value), ensure_ascii=False)
