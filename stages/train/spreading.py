"""Many fits at once, on the cores of this machine or on a cluster; the caller writes files."""

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from itertools import chain
from typing import Any

from stages.core.errors import E2epError, InputError
from stages.core.log import log_line, progress
from stages.core.spread import spread
from stages.train.fits import Made, PlannedFit, fit_bytes, made, read_fit, read_shared
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
    shared = {"items": read_shared(sorted({model for model, _ in asked}), params, sources)}
    threads = common_params(params).threads
    parts = _read(asked, params, sources)
    first = next(parts)
    needed = max(fit_bytes(replace(first, model=model)) for model, _ in asked)
    fits = spread(_made, chain([first], parts), threads, needed, shared)
    with closing(fits), closing(progress(fits, label, len(asked))) as results:
        for number, result in results:
            model, split = asked[number]
            write(model, split, result)
            log_line(f"train {model} {split}", result.counts, result.record.seconds)


def _read(
    asked: Sequence[tuple[str, str]], params: dict[str, Any], sources: Sources
) -> Generator[PlannedFit, None, None]:
    for model, split in asked:
        with _named(model, split):
            fit = read_fit(model, split, params, sources)
        yield fit


def _made(fit: PlannedFit, items: ItemSide) -> Made:
    with _named(fit.model, fit.rows.name):
        return made(fit, items)


@contextmanager
def _named(model: str, split: str) -> Iterator[None]:
    try:
        yield
    except E2epError as error:
        raise InputError(f"{model} on {split}: {error}") from error
