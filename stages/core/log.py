"""What a stage prints: one line when it is done, and progress on anything that takes long."""

import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")


@contextmanager
def logged(stage: str) -> Iterator[dict[str, object]]:
    """Yield a dictionary of counts; print them and the seconds as one line at the end."""
    counts: dict[str, object] = {}
    start = time.perf_counter()
    yield counts
    facts = " · ".join(
        f"{value:,} {name}" if isinstance(value, int) else f"{name} {value}"
        for name, value in counts.items()
    )
    print(f"{stage}: {facts} · {time.perf_counter() - start:.1f} s", flush=True)


def aside(line: str) -> None:
    """Print progress during a long wait on stderr."""
    print(line, file=sys.stderr, flush=True)


def progress(items: Iterable[T], label: str, total: int | None = None) -> Iterator[T]:
    """Iterate with a progress bar if stderr is a terminal, silently otherwise."""
    if not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(
        items, description=label, total=total, console=Console(stderr=True), transient=True
    )
