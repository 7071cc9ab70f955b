"""At most so many attempts at the same time."""

import asyncio

from stages.llm.chat import ChatModel, Reply
from stages.llm.task import Task
from stages.llm.wrapper import Wrapper


class Limited(Wrapper):
    """Lets `width` attempts through at once; the others wait their turn."""

    def __init__(self, inner: ChatModel, width: int) -> None:
        super().__init__(inner)
        self._turns = asyncio.Semaphore(width)

    async def reply(self, task: Task) -> Reply:
        async with self._turns:
            return await self.inner.reply(task)
