"""No attempt takes longer than its deadline, however slowly the server trickles."""

import asyncio

from stages.llm.chat import ChatModel, Fault, Reply, failed
from stages.llm.task import Task
from stages.llm.wrappers.wrapper import Wrapper


class Timed(Wrapper):
    """Gives an attempt up after `seconds`."""

    def __init__(self, inner: ChatModel, seconds: float) -> None:
        super().__init__(inner)
        self.seconds = seconds

    async def reply(self, task: Task) -> Reply:
        try:
            async with asyncio.timeout(self.seconds):
                return await self.inner.reply(task)
        except TimeoutError:
            return failed(
                self.model,
                Fault(reason=f"no answer within {self.seconds:g} s", passing=True, billed=True),
            )
