"""Several servers of one model: each question goes to the least busy one that answers."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf

from stages.core.addresses import is_local, shown_address
from stages.core.errors import E2epError
from stages.core.http import Failure
from stages.core.log import aside
from stages.llm.chat import Reply, failed
from stages.llm.servers.server import Server
from stages.llm.task import Task
from stages.llm.wrappers.timed import too_late
from stages.llm.wrappers.wrapper import Wrapper

_FIRST, _LONGEST = 5.0, 300.0
"""Seconds that a server is left out after one failure, twice as long after each further one."""


@dataclass(eq=False)
class _Place:
    """One server, and what is known of it now."""

    server: Server
    under_way: int = 0
    asked: int = 0
    failures: int = 0
    """In a row; a server that answers, whatever it says, has none."""
    rests_until: float = -inf

    @property
    def shown(self) -> str:
        return shown_address(self.server.address)

    def is_out(self, now: float) -> bool:
        """Whether it is left out; after its rest, one question at a time tries it."""
        return now < self.rests_until or (self.failures > 0 and self.under_way > 0)


class Balanced(Wrapper):
    """Asks the server with the fewest questions of ours under way, and another one if it fails.

    A server that fails for a temporary reason is left out for a while, and the question goes to the
    next one as part of the same attempt: no failed attempt is recorded or paid for. Only if all
    have failed is there a failure, the one that lasts least. Servers that are left out come last:
    a question that no other server answers finds out whether they are back.

    An attempt that took all its `seconds` is not repeated here, nor one that a server which is not
    local may charge for: `Retrying` does that, and then another server is asked.
    """

    def __init__(self, servers: Sequence[Server], seconds: float, now: Callable[[], float]) -> None:
        super().__init__(servers[0])
        self.seconds, self.now = seconds, now
        self._places = [_Place(server) for server in servers]
        self._late = too_late(self.model, seconds)

    async def reply(self, task: Task) -> Reply:
        failures: list[Failure] = []
        left = list(self._places)
        while left:
            place = min(left, key=self._business)
            left.remove(place)
            known = place.failures
            reply = await self._asked(place, task)
            failure = reply.failure
            is_news = place.failures == known  # else what it says of the server is old
            if failure is None or not failure.passing:
                if is_news:
                    self._is_back(place)
                return reply
            if is_news:
                self._leave_out(place, failure)
            failures.append(failure)
            is_free = not failure.billed or is_local(place.server.address)
            if reply is self._late or not is_free:
                return reply
        return failed(self.model, _together(failures))

    def _business(self, place: _Place) -> tuple[bool, int, int]:
        """What is smallest for the server to ask next."""
        return place.is_out(self.now()), place.under_way, place.asked

    async def _asked(self, place: _Place, task: Task) -> Reply:
        place.under_way += 1
        place.asked += 1
        try:
            async with asyncio.timeout(self.seconds):
                return await place.server.reply(task)
        except TimeoutError:
            return self._late
        except E2epError as error:
            if place.shown in str(error):
                raise
            raise type(error)(f"{place.shown}: {error}") from error
        finally:
            place.under_way -= 1

    def _leave_out(self, place: _Place, failure: Failure) -> None:
        if not place.failures:
            aside(f"{place.shown} is left out for a while ({failure.reason})")
        rest = min(_LONGEST, _FIRST * 2.0 ** min(place.failures, 16))
        place.failures += 1
        place.rests_until = self.now() + (failure.retry_after or rest)

    def _is_back(self, place: _Place) -> None:
        if place.failures:
            aside(f"{place.shown} answers again")
        place.failures, place.rests_until = 0, -inf


def _together(failures: Sequence[Failure]) -> Failure:
    """One failure for those of all servers: without a connection only if no server had one."""
    if all(failure.absent for failure in failures):
        reasons = " and ".join(failure.reason for failure in failures)
        return failures[0].model_copy(update={"reason": reasons})
    return min(failures, key=lambda failure: (failure.absent, failure.retry_after or 0.0))
