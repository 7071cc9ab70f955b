"""Questions that arrive at the same time are sent as one batch."""

import asyncio

from stages.core.log import aside
from stages.llm.batch.groups import Group, Question
from stages.llm.batch.notes import NotedBatch
from stages.llm.batch.sender import Sender
from stages.llm.chat import Reply
from stages.llm.store.cache import cache_key
from stages.llm.task import Task
from stages.llm.wrappers.wrapper import Wrapper


class Batched(Wrapper):
    """Gathers questions until none has arrived for `quiet` seconds or a batch is full.

    A question that an earlier run sent waits for its batch instead. A question that a batch leaves
    unanswered fails for a temporary reason, so it is sent again in the next batch.
    """

    def __init__(self, sender: Sender, quiet: float = 0.5) -> None:
        super().__init__(sender.service)
        self.sender, self.quiet = sender, quiet
        self._groups: dict[str, Group] = {}
        self._runs: set[asyncio.Task[None]] = set()

    async def reply(self, task: Task) -> Reply:
        key, size = cache_key(self.inner, task), self.sender.service.size(task)
        question = Question(task, asyncio.get_running_loop().create_future())
        self._open_group(self.sender.notes.batch_of(key), size).add(key, question, size)
        return await question.reply

    async def close(self) -> None:
        """Stop polling; the batches under way continue at the service."""
        runs = list(self._runs)
        if self.sender.under_way:
            aside(
                f"{self.sender.describe()}; run the same command again to wait for what is "
                "under way"
            )
        for run in runs:
            run.cancel()
        await asyncio.gather(*runs, return_exceptions=True)
        self.sender.notes.close()

    def _open_group(self, noted: NotedBatch | None, size: int) -> Group:
        """The group for a question of this many bytes, with room for it."""
        name = noted.name if noted else ""
        group = self._groups.get(name)
        if group and group.has_room(size, self.sender.service.limits):
            return group
        if group:
            group.open = False
        group = self._groups[name] = Group(noted)
        run = asyncio.create_task(self._run(group))
        self._runs.add(run)
        run.add_done_callback(self._runs.discard)
        return group

    async def _run(self, group: Group) -> None:
        count = 0
        try:
            while group.open and count < len(group.asked):
                count = len(group.asked)
                await self.sender.waits.sleep(self.quiet)
            group.open = False
            await self.sender.carry(group)
        except Exception as error:
            group.fail(error)
