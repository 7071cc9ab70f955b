"""No attempt exceeds its time limit, however slowly the server sends."""

import asyncio

from stages.core.http import Failure
from stages.llm.chat import ChatModel, Reply, failed
from stages.llm.task import Task
from stages.llm.wrappers.wrapper import Wrapper


class Timed(Wrapper):
    """Gives up an attempt after `seconds`."""

    def __init__(self, inner: ChatModel, seconds: float) -> None:
        super().__init__(inner)
        self.seconds = seconds

    async def reply(self, task: Task) -> Reply:
        try:
            async with asyncio.timeout(self.seconds):
                return await self.inner.reply(task)
        except TimeoutError:
            reason = f"no answer within {self.seconds:g} s"
            return failed(self.model, Failure(reason=reason, passing=True, billed=True))
