"""Many fits at once, on the cores of this machine or on a cluster; the caller writes files."""

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any

from stages.core.errors import E2epError, InputError
from stages.core.log import log_line, progress
from stages.core.spread import spread
from stages.train.fits import Fit, Made, made, read_fit, read_shared
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

    An error names its model and split; what is already written stays.
    """
    shared = {"items": read_shared(sorted({model for model, _ in asked}), params, sources)}
    threads = common_params(params).threads
    fits = spread(_made, _read(asked, params, sources), threads, shared=shared)
    with closing(fits), closing(progress(fits, label, len(asked))) as results:
        for number, result in results:
            model, split = asked[number]
            write(model, split, result)
            log_line(f"train {model} {split}", result.counts, result.record.seconds)


def _read(
    asked: Sequence[tuple[str, str]], params: dict[str, Any], sources: Sources
) -> Generator[Fit, None, None]:
    for model, split in asked:
        with _named(model, split):
            fit = read_fit(model, split, params, sources)
        yield fit


def _made(fit: Fit, items: ItemSide) -> Made:
    with _named(fit.model, fit.rows.name):
        return made(fit, items)


@contextmanager
def _named(model: str, split: str) -> Iterator[None]:
    try:
        yield
    except E2epError as error:
        raise InputError(f"{model} on {split}: {error}") from error
