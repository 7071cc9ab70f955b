"""The provider `rehearsal`: offline rules that count the tokens a model would have taken.

`e2ep cost` estimates from them what a run will cost.
"""

import json

from stages.llm.chat import Reply, Usage
from stages.llm.params import LlmParams
from stages.llm.prices.tokens import tokens_asked, tokens_written
from stages.llm.providers.offline import Offline
from stages.llm.task import Task


class Rehearsal(Offline):
    """Answers at a model's usual length; tokens are estimated from the question and the answer."""

    async def reply(self, task: Task) -> Reply:
        answer = (task.likely or task.rule)(task.payload)
        text = json.dumps(answer.model_dump(mode="json"), ensure_ascii=False)
        usage = Usage(input_tokens=tokens_asked(task), output_tokens=tokens_written(answer))
        return Reply(text=text, model=self.model, usage=usage, dollars=0.0)


def connect(params: LlmParams) -> Rehearsal:
    """Nothing to connect to."""
    return Rehearsal()
