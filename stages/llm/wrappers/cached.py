"""Answers are remembered, so that none is paid for twice."""

from stages.llm.answers.structured import parse, repair_of
from stages.llm.chat import ChatModel, Reply
from stages.llm.store.cache import UNANSWERED, AnswerCache, cache_key
from stages.llm.store.locks import Locks
from stages.llm.task import Task
from stages.llm.waiting.waits import Waits
from stages.llm.wrappers.wrapper import Wrapper


class Cached(Wrapper):
    """Asks the inner model only what is not in the cache, and is safe for many processes.

    A reply is stored before it is used, so that a kill at any moment loses at most the attempt in
    flight. Only usable replies count as known: any other is stored as evidence, and asked again by
    a later run, except one that a repair has made good or may still. Within a run a question has
    one outcome, so that an export, with one reply to each, repeats every step of it. If an answer
    is already being asked for, in this process or another, the caller waits for it.
    """

    def __init__(self, inner: ChatModel, cache: AnswerCache, waits: Waits | None = None) -> None:
        super().__init__(inner)
        self.cache = cache
        self.used: set[str] = set()
        self._locks = Locks(cache.file.with_suffix(".locks"), waits or Waits())

    async def reply(self, task: Task) -> Reply:
        key = cache_key(self.inner, task)
        self.used.add(key)
        if known := self._known(key, task):
            return known
        async with self._locks.held(key):
            if known := self._known(key, task):
                return known
            reply = await self.inner.reply(task)
            self.cache.keep(key, task, reply)
            return reply

    def close(self) -> None:
        """Close the files."""
        self.cache.close()
        self._locks.close()

    def _known(self, key: str, task: Task) -> Reply | None:
        """The usable reply, or one of no use that need not be asked for again."""
        if missed := self.cache.missed(key):
            return missed
        answer, evidence = self.cache.look_up(key), self.cache.look_up(key, UNANSWERED)
        for reply in filter(None, (answer, evidence)):
            value, fault = parse(reply, task)
            if value is not None:
                return reply
            if reply.outcome != "answered" or task.repairs is not None:
                continue
            repair = repair_of(task, reply, fault)
            repair_key = cache_key(self.inner, repair)
            made = self.cache.look_up(repair_key)
            if made and parse(made, repair)[0] is not None:
                return reply
            tried = self.cache.look_up(repair_key, UNANSWERED)
            if reply is evidence and not made and (tried is None or tried.outcome == "failed"):
                return reply
        return None
