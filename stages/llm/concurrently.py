"""Work on many things at the same time; results keep their order, and no answer is lost."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import closing
from typing import TypeVar, cast

from stages.core.errors import E2epError
from stages.core.log import progress
from stages.llm.chat import ChatModel
from stages.llm.wrappers.counted import Counted

T = TypeVar("T")
R = TypeVar("R")


async def together(work: Iterable[Awaitable[R]]) -> list[R]:
    """All results, as soon as all have ended; then the first error is raised, if there is one.

    `asyncio.gather` alone would leave the others to themselves after an error.
    """
    errors: list[Exception] = []

    async def ended(one: Awaitable[R]) -> R | None:
        try:
            return await one
        except Exception as error:
            errors.append(error)
            return None

    results = await asyncio.gather(*map(ended, work))
    if errors:
        raise errors[0]
    return cast(list[R], results)


async def in_order(
    work: Callable[[T], Awaitable[R]],
    rows: Sequence[T],
    width: int,
    label: str,
    model: ChatModel | None = None,
) -> list[R]:
    """The results of `work` on every row, `width` rows at a time.

    After an error no further row is started. The rows under way are finished, so that no answer is
    lost, and then the error is raised; an E2epError says after how many rows, and how many of the
    questions to `model` were answered.
    """
    results: dict[int, R] = {}
    stopped = False

    async def take_rows(waiting: Iterator[tuple[int, T]]) -> None:
        nonlocal stopped
        for place, row in waiting:
            try:
                results[place] = await work(row)
            except Exception:
                stopped = True
                raise
            if stopped:
                return

    try:
        with closing(progress(rows, label, len(rows))) as shown:
            waiting = enumerate(shown)
            await together(take_rows(waiting) for _ in range(max(1, min(width, len(rows)))))
    except E2epError as error:
        answered = ""
        if isinstance(model, Counted):
            answered = f" ({model.answered:,} question{'s' * (model.answered != 1)} answered)"
        done = f"{len(results):,} of {len(rows):,}"
        raise type(error)(f"{label}: stopped after {done}{answered}; {error}") from error
    return [results[place] for place in range(len(rows))]
