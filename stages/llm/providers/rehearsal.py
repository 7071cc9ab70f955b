"""The provider `rehearsal`: offline rules that count the tokens a model would have taken.

`e2ep cost` estimates from them what a run will cost.
"""

from stages.llm.chat import Reply
from stages.llm.params import LlmParams
from stages.llm.prices.tokens import CHARACTERS, FRAME_LIKELY, estimated
from stages.llm.providers.offline import Offline
from stages.llm.task import Task


class Rehearsal(Offline):
    """Answers as Offline does; tokens are estimated from what would be sent and from the answer."""

    async def reply(self, task: Task) -> Reply:
        reply = await super().reply(task)
        output = round(task.wordiness * len(reply.text.encode()) / CHARACTERS)
        return reply.model_copy(update={"usage": estimated(task, output, FRAME_LIKELY)})


def connect(params: LlmParams) -> Rehearsal:
    """Nothing to connect to."""
    return Rehearsal()
