"""A circuit breaker: when question after question fails, the run ends instead of filling up with fallbacks."""

from stages.core.errors import E2epError
from stages.llm.chat import ChatModel, Fault, Reply
from stages.llm.task import Task
from stages.llm.wrappers.wrapper import Wrapper


class OpenCircuitError(E2epError):
    """Too many questions in a row failed."""


class Breaker(Wrapper):
    """Opens after `most` questions in a row that failed with all their attempts, and stays open for this run."""

    def __init__(self, inner: ChatModel, most: int) -> None:
        super().__init__(inner)
        self.most, self.failures = most, 0
        self.fault = Fault(reason="", passing=True)

    async def reply(self, task: Task) -> Reply:
        self._refuse_when_open()
        reply = await self.inner.reply(task)
        self.failures = self.failures + 1 if reply.outcome == "failed" else 0
        self.fault = reply.fault or self.fault
        self._refuse_when_open()
        return reply

    def _refuse_when_open(self) -> None:
        if self.failures >= self.most:
            raise OpenCircuitError(
                f"{self.provider} failed {self.failures} questions in a row (last: {self.fault.reason}); every answer so "
                f"far is kept, so {self._cure()}, or set llm.provider to offline"
            )

    def _cure(self) -> str:
        if self.fault.passing:
            return "run the same command again when it is back"
        return "check llm.model, llm.base_url and llm.max_tokens, then run the same command again"
