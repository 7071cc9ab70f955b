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
            return too_late(self.model, self.seconds)


def too_late(model: str, seconds: float) -> Reply:
    """The reply of an attempt that took longer than it may."""
    reason = f"no answer within {seconds:g} s"
    return failed(model, Failure(reason=reason, passing=True, billed=True))
