"""The provider `offline`: each task's own rule answers it.

These are rules, not a language model, and labelled so.
"""

from stages.llm.chat import Reply
from stages.llm.params import LlmParams
from stages.llm.task import Task

LABEL = "offline rules, not a language model"


class Offline:
    """Always available, without a key; deterministic."""

    provider = "offline"
    model = LABEL
    settings: dict[str, str | float | int] = {}  # noqa: RUF012

    async def reply(self, task: Task) -> Reply:
        return Reply(text=task.rule(task.payload).model_dump_json(), model=self.model, dollars=0.0)


def connect(params: LlmParams) -> Offline:
    """Nothing to connect to."""
    return Offline()
