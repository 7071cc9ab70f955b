"""A circuit breaker: when question after question fails, the run ends instead of falling back."""

from stages.core.errors import E2epError
from stages.core.http import Failure
from stages.llm.chat import ChatModel, Reply
from stages.llm.servers.keys import OWN_KEY, keyless, reaching, section_of
from stages.llm.task import Task
from stages.llm.wrappers.wrapper import Wrapper


class OpenCircuitError(E2epError):
    """Too many questions in a row failed, or there is no server."""


def gone(failure: Failure, key: str) -> OpenCircuitError:
    """The error that names a server to which no connection comes about; `key` is its variable."""
    return OpenCircuitError(
        f"{failure.reason}; every answer so far is kept, so {reaching(key)}, then run the same "
        f"command again, or set {keyless(key)}"
    )


class Breaker(Wrapper):
    """Opens, and stays open, after `most` questions in a row have failed at every attempt.

    One question is enough if there was no connection to the server at all. `key` names the variable
    of the server's key.
    """

    def __init__(self, inner: ChatModel, most: int, key: str = OWN_KEY) -> None:
        super().__init__(inner)
        self.most, self.key, self.failures = most, key, 0
        self.last = Failure(reason="", passing=True)

    async def reply(self, task: Task) -> Reply:
        self._raise_if_open()
        reply = await self.inner.reply(task)
        self.failures = self.failures + 1 if reply.outcome == "failed" else 0
        if not self.last.absent:
            self.last = reply.failure or self.last
        if reply.outcome == "failed":
            self._raise_if_open()
        return reply

    def _raise_if_open(self) -> None:
        if self.last.absent:
            raise gone(self.last, self.key)
        if self.failures < self.most:
            return
        section = section_of(self.key)
        own = f"check {section}.model, {section}.base_url and llm.max_tokens"
        cure = self.last.cure or own
        cure += ", then run the same command again"
        if self.last.passing:
            cure = "run the same command again when it is back"
        raise OpenCircuitError(
            f"{self.provider} failed {self.failures} questions in a row (last: "
            f"{self.last.reason}); every answer so far is kept, so {cure}, or set "
            f"{keyless(self.key)}"
        )
