"""The first error that ends the work: nothing is begun after it, and nobody sleeps on."""

import asyncio
from collections.abc import Awaitable
from types import TracebackType


class Halt:
    """What all questions of a run share; as a context it guards what may end the run.

    Entering raises the error if there is one; an error that leaves the context is the error from
    then on, and replaces any later one. Whatever is under way then is finished, so that no answer
    that was paid for is lost.
    """

    def __init__(self) -> None:
        self.error: Exception | None = None
        self._stopped = asyncio.Event()

    def __enter__(self) -> None:
        self.check()

    def __exit__(
        self, _: type[BaseException] | None, error: BaseException | None, __: TracebackType | None
    ) -> None:
        if not isinstance(error, Exception):
            return
        if self.error is None:
            self.error = error
            self._stopped.set()
        elif error is not self.error:
            raise self.error from None

    def check(self) -> None:
        """Raise the error if there is one."""
        if self.error is not None:
            raise self.error.with_traceback(None)

    async def unless(self, work: Awaitable[object]) -> None:
        """Await `work`, or raise the error as soon as there is one."""
        working, stopped = asyncio.ensure_future(work), asyncio.ensure_future(self._stopped.wait())
        try:
            await asyncio.wait({working, stopped}, return_when=asyncio.FIRST_COMPLETED)
            if working.done():
                working.result()
        finally:
            working.cancel()
            stopped.cancel()
        self.check()
