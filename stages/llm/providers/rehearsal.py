"""The provider `rehearsal`: offline rules, and the tokens that a model would have taken. It says what a run will cost."""

from stages.llm.chat import Reply
from stages.llm.params import LlmParams
from stages.llm.prices.tokens import CHARACTERS, FRAME_LIKELY, estimated
from stages.llm.providers.offline import Offline
from stages.llm.task import Task


class Rehearsal(Offline):
    """Answers as Offline does; input tokens are estimated from what would be sent, output tokens from the answer."""

    async def reply(self, task: Task) -> Reply:
        reply = await super().reply(task)
        said = round(task.wordiness * len(reply.text.encode()) / CHARACTERS)
        return reply.model_copy(update={"usage": estimated(task, said, FRAME_LIKELY)})


def connect(params: LlmParams) -> Rehearsal:
    """Nothing to connect to."""
    return Rehearsal()
