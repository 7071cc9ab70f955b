"""Rows worked on at the same time, results in the order of the rows."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import TypeVar

from stages.core.errors import E2epError
from stages.core.log import progress

T = TypeVar("T")
R = TypeVar("R")


async def in_order(
    work: Callable[[T], Awaitable[R]], rows: Sequence[T], width: int, label: str
) -> list[R]:
    """`work` on every row, `width` at a time.

    After an error no new row is begun; the ones under way end first, so that no answer under way is lost, and the
    error says how many rows are missing.
    """
    found: dict[int, R] = {}
    errors: list[Exception] = []
    waiting = enumerate(progress(rows, label, len(rows)))
    await asyncio.gather(
        *(_worker(work, waiting, found, errors) for _ in range(max(1, min(width, len(rows)))))
    )
    if errors:
        raise _with_what_is_missing(errors[0], len(rows) - len(found), len(rows), label)
    return [found[place] for place in range(len(rows))]


async def _worker(
    work: Callable[[T], Awaitable[R]],
    waiting: Iterator[tuple[int, T]],
    found: dict[int, R],
    errors: list[Exception],
) -> None:
    for place, row in waiting:
        try:
            found[place] = await work(row)
        except Exception as error:
            errors.append(error)
        if errors:
            return


def _with_what_is_missing(error: Exception, missing: int, total: int, label: str) -> Exception:
    if not isinstance(error, E2epError):
        return error
    return type(error)(f"{label}: {missing:,} of {total:,} are missing; {error}")
