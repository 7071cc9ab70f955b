"""Counts a step's answers: outcomes of the replies once read, tokens, dollars, seconds."""

from stages.contracts.calls import Asked, Calls, summed
from stages.llm.chat import ChatModel, Reply
from stages.llm.structured import outcome_of
from stages.llm.task import Task
from stages.llm.wrappers.cached import Cached
from stages.llm.wrappers.wrapper import Wrapper


class Counted(Wrapper):
    """The outermost chat model of a step; an answer from the cache counts as when first given."""

    def __init__(self, inner: ChatModel) -> None:
        super().__init__(inner)
        self._replies: list[Calls] = []

    async def reply(self, task: Task) -> Reply:
        reply = await self.inner.reply(task)
        self._replies.append(as_calls(task, reply))
        return reply

    def asked(self) -> Asked:
        """The sums, which do not depend on the order of the answers."""
        keys = self.inner.used if isinstance(self.inner, Cached) else ()
        return Asked(calls=tuple(summed(self._replies)), keys=tuple(sorted(keys)))


def as_calls(task: Task, reply: Reply) -> Calls:
    """One reply as a row of counts."""
    return Calls(
        task=task.kind,
        model=reply.model,
        calls=1,
        outcomes={outcome_of(reply, task): 1},
        input_tokens=reply.usage.input_tokens,
        cached_tokens=reply.usage.cached_tokens,
        output_tokens=reply.usage.output_tokens,
        dollars=reply.dollars,
        seconds=reply.seconds,
    )
