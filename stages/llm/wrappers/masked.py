"""A key that a server repeats is struck out before anything is stored."""

from stages.core.masking import Mask
from stages.llm.chat import ChatModel, Reply
from stages.llm.task import Task
from stages.llm.wrappers.wrapper import Wrapper


class Masked(Wrapper):
    """Strikes keys out of the answer and the model's name, put together from parts or not."""

    def __init__(self, inner: ChatModel, mask: Mask) -> None:
        super().__init__(inner)
        self.mask = mask

    async def reply(self, task: Task) -> Reply:
        reply = await self.inner.reply(task)
        clean = {"text": self.mask.text(reply.text), "model": self.mask.text(reply.model)}
        return reply.model_copy(update=clean)
