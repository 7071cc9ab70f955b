"""At most `width` attempts at the same time, and none during a cool-down."""

import asyncio

from stages.llm.chat import ChatModel, Reply
from stages.llm.task import Task
from stages.llm.waiting.cooldown import Cooldown
from stages.llm.wrappers.wrapper import Wrapper


class Limited(Wrapper):
    """Lets `width` attempts through at once, after the cool-down; the others wait their turn."""

    def __init__(self, inner: ChatModel, width: int, cooldown: Cooldown) -> None:
        super().__init__(inner)
        self.cooldown = cooldown
        self._turns = asyncio.Semaphore(width)

    async def reply(self, task: Task) -> Reply:
        async with self._turns:
            self.cooldown.waits.halt.check()
            await self.cooldown.over()
            return await self.inner.reply(task)
