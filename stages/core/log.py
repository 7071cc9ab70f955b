"""What a stage prints: one line when it is done, and progress on anything that takes long."""

import os
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Literal, TypeVar

T = TypeVar("T")

TERMINAL = "E2EP_TERMINAL"
"""Set by who passes stderr on to a terminal."""
SEEN = 5.0
"""Seconds after which a wait is reported."""
_EVERY = 10.0
"""Seconds between two lines of progress where stderr is no terminal."""
_under_way: list[Callable[[], str]] = []
"""What is going on, the innermost last."""


@contextmanager
def logged(stage: str, every: float = _EVERY) -> Iterator[dict[str, object]]:
    """Yield a dictionary of counts; print them and the seconds as one line at the end."""
    counts: dict[str, object] = {}
    start = time.perf_counter()
    with _reported(lambda: f"{stage}: under way", every):
        yield counts
    log_line(stage, counts, time.perf_counter() - start)


def log_line(stage: str, counts: Mapping[str, object], seconds: float) -> None:
    """Print counts and seconds as the one line that a stage ends with."""
    facts = " · ".join(
        f"{value:,} {name}" if isinstance(value, int) else f"{name} {value}"
        for name, value in counts.items()
    )
    print(f"{stage}: {facts} · {seconds:.1f} s", flush=True)


def _on_terminal() -> bool:
    return sys.stderr.isatty() or TERMINAL in os.environ


def aside(line: str) -> None:
    """Print progress during a long wait on stderr."""
    print(line, file=sys.stderr, flush=True)


def waiting(what: str, seconds: float, word: Literal["until", "since"] = "until") -> None:
    """Print on stderr what is waited for: for so many seconds more, or since so many."""
    moment = time.localtime(time.time() + (seconds if word == "until" else -seconds))
    aside(f"waiting for {what} {word} {time.strftime('%H:%M:%S', moment)} ({seconds:,.0f} s)")


def progress(
    items: Iterable[T], label: str, total: int | None = None, every: float = _EVERY
) -> Generator[T, None, None]:
    """Iterate with a progress bar if stderr is a terminal, else with a line every ten seconds.

    Who may not come to the end closes it.
    """
    if not _on_terminal():
        yield from _counted(items, label, total, every)
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import track

    console = Console(stderr=True, force_terminal=True)
    yield from track(items, description=escape(label), total=total, console=console, transient=True)


def _counted(items: Iterable[T], label: str, total: int | None, every: float) -> Iterator[T]:
    done, of = 0, f" of {total:,}" if total else ""
    with _reported(lambda: f"{label}: {done:,}{of}", every):
        for item in items:
            yield item
            done += 1


@contextmanager
def _reported(line: Callable[[], str], every: float) -> Iterator[None]:
    """While the context lasts, print `line` and the seconds so far, unless something within does.

    By the clock and not by what is done, so that one slow item is no silence.
    """
    if _on_terminal():
        yield
        return
    start, over = time.perf_counter(), threading.Event()

    def report() -> None:
        while not over.wait(every):
            if _under_way[-1] is line:
                aside(f"{line()} · {time.perf_counter() - start:.0f} s")

    _under_way.append(line)
    reporter = threading.Thread(target=report, daemon=True)
    reporter.start()
    try:
        yield
    finally:
        over.set()
        reporter.join()
        _under_way.remove(line)
