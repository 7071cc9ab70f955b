"""The provider `rehearsal`: offline rules, and the tokens that a model would have taken. It says what a run will cost."""

from stages.llm.chat import Reply
from stages.llm.params import LlmParams
from stages.llm.providers.offline import Offline
from stages.llm.task import Task
from stages.llm.tokens import CHARACTERS, estimated

WORDINESS = 2.0
"""How much longer a model's answer is than the rules'. The profiles published with the paper are 1.4 times as long for
films and 3 times for users; rankings and scores are as long."""


class Rehearsal(Offline):
    """Answers as Offline does; input tokens are estimated from what would be sent, output tokens from the answer."""

    async def reply(self, task: Task) -> Reply:
        reply = await super().reply(task)
        return reply.model_copy(
            update={"usage": estimated(task, round(WORDINESS * len(reply.text.encode()) / CHARACTERS))}
        )


def connect(params: LlmParams) -> Rehearsal:
    """Nothing to connect to."""
    return Rehearsal()
