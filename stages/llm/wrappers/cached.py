"""Answers are remembered, so that none is paid for twice."""

from stages.llm.chat import ChatModel, Reply
from stages.llm.store.cache import AnswerCache, cache_key
from stages.llm.store.locks import Locks
from stages.llm.task import Task
from stages.llm.wrappers.cooldown import Waits
from stages.llm.wrappers.wrapper import Wrapper


class Cached(Wrapper):
    """Asks the inner model only what is not in the cache, and is safe for many processes.

    A reply is stored before it is used, so that a kill at any moment loses at most the attempt in
    flight. Only answered replies count as known: a refusal or a failure is stored and asked again.
    If an answer is already being asked for, in this process or another, the caller waits for it.
    """

    def __init__(self, inner: ChatModel, cache: AnswerCache, waits: Waits | None = None) -> None:
        super().__init__(inner)
        self.cache = cache
        self.used: set[str] = set()
        self._locks = Locks(cache.file.with_suffix(".locks"), waits or Waits())

    async def reply(self, task: Task) -> Reply:
        key = cache_key(self.inner, task)
        self.used.add(key)
        if known := self.cache.look_up(key):
            return known
        async with self._locks.held(key):
            if known := self.cache.look_up(key):
                return known
            reply = await self.inner.reply(task)
            self.cache.keep(key, task, reply)
            return reply

    def close(self) -> None:
        """Close the files."""
        self.cache.close()
        self._locks.close()
