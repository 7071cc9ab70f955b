"""Work on many rows at the same time; results keep the order of the rows."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from stages.core.errors import E2epError
from stages.core.log import progress

T = TypeVar("T")
R = TypeVar("R")


async def in_order(
    work: Callable[[T], Awaitable[R]], rows: Sequence[T], width: int, label: str
) -> list[R]:
    """The results of `work` on every row, `width` rows at a time.

    After an error no further row is started. The rows under way are finished, so that no answer is
    lost, and then the error is raised; an E2epError says how many rows are missing.
    """
    results: dict[int, R] = {}
    errors: list[Exception] = []
    waiting = enumerate(progress(rows, label, len(rows)))

    async def take_rows() -> None:
        for place, row in waiting:
            try:
                results[place] = await work(row)
            except Exception as error:
                errors.append(error)
            if errors:
                return

    await asyncio.gather(*(take_rows() for _ in range(max(1, min(width, len(rows))))))
    if not errors:
        return [results[place] for place in range(len(rows))]
    error, missing = errors[0], len(rows) - len(results)
    if isinstance(error, E2epError):
        raise type(error)(f"{label}: {missing:,} of {len(rows):,} are missing; {error}")
    raise error
