"""Many fits at once, on the cores of this machine or on a cluster; the caller writes files.

A fit is handed out in halves, selection and refit, so that the last fits too keep every worker
busy: five equal ones on two workers take five rounds of a half each, not three of a whole.
"""

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from stages.core.errors import E2epError, InputError
from stages.core.log import log_line, progress
from stages.core.parcels import LATER
from stages.core.spread import slots, spread
from stages.train.fits import (
    Begun,
    Made,
    PlannedFit,
    begun,
    ended,
    fit_bytes,
    made,
    read_fit,
    read_shared,
)
from stages.train.fitting.sources import ItemSide, Sources
from stages.train.params import common_params


def spread_fits(
    asked: Sequence[tuple[str, str]],
    params: dict[str, Any],
    sources: Sources,
    label: str,
    write: Callable[[str, str, Made], None],
) -> None:
    """Fit each (model, split) of `asked`, and let `write` have each result as it is there.

    An error names its model and split; what is already written stays. Each is given the memory of
    the largest model on the first split.
    """
    if not asked:
        return

    def read(number: int) -> PlannedFit:
        model, split = asked[number]
        with _named(model, split):
            return read_fit(model, split, params, sources)

    items = read_shared(sorted({model for model, _ in asked}), params, sources)
    first = read(0)
    needed = max(fit_bytes(replace(first, model=model)) for model, _ in asked)
    fits = fits_at_once(len(asked), read, items, common_params(params).threads, needed)
    with closing(fits), closing(progress(fits, label, len(asked))) as results:
        for number, result in results:
            model, split = asked[number]
            write(model, split, result)
            log_line(f"train {model} {split}", result.counts, result.record.seconds)


def fits_at_once(
    count: int,
    read: Callable[[int], PlannedFit],
    items: ItemSide,
    threads: int = 1,
    memory: int = 0,
) -> Generator[tuple[int, Made], None, None]:
    """Yield the number of each fit and its result, as they end.

    read: a fit by its number, asked for each half as there is a worker for it. threads, memory: see
    `spread`.
    """
    halves = Halves(count, read, slots(threads, memory))
    shared = {"items": items}
    with closing(spread(half_made, halves.parts(), threads, memory, shared)) as results:
        for part, result in results:
            number = halves.given[part]
            if isinstance(result, Begun):
                halves.begun.append((number, result))
            else:
                yield number, result
            halves.under_way.discard(part)


@dataclass
class Halves:
    """Which half of which fit comes next.

    A fit that has begun goes on, unless those that have not are no more than the workers: then
    these begin first, as the shorter second halves fill the end better. given: the fit of each
    part. begun: fits whose second half has not been given.
    """

    count: int
    read: Callable[[int], PlannedFit]
    at_once: int
    given: list[int] = field(default_factory=list)
    begun: list[tuple[int, Begun]] = field(default_factory=list)
    under_way: set[int] = field(default_factory=set)

    def parts(self) -> Iterator[object]:
        """Each half; LATER if it has to wait for the first of its fit."""
        number = 0
        while number < self.count or self.begun or self.under_way:
            left = self.count - number
            if left and (not self.begun or 1 < self.at_once >= left):
                yield self._given(number, None)
                number += 1
            elif self.begun:
                yield self._given(*self.begun.pop(0))
            else:
                yield LATER

    def _given(self, number: int, first: Begun | None) -> tuple[PlannedFit, Begun | None]:
        fit = self.read(number)
        self.under_way.add(len(self.given))
        self.given.append(number)
        return fit, first


def half_made(part: tuple[PlannedFit, Begun | None], items: ItemSide) -> Begun | Made:
    """A worker's half of a fit; all of it if the second would need the first one's model."""
    fit, first = part
    with _named(fit.model, fit.rows.name):
        if first:
            return ended(fit, first, items)
        return begun(fit, items) if fit.rows.refit else made(fit, items)


@contextmanager
def _named(model: str, split: str) -> Iterator[None]:
    try:
        yield
    except E2epError as error:
        raise InputError(f"{model} on {split}: {error}") from error
