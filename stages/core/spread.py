"""One pure function over many parts: by processes on this machine, or on a Ray cluster.

Values in, values out: only the caller reads and writes files, so no shared disk is needed. Where
work runs is never a parameter; the environment variable RAY_ADDRESS names a cluster.
"""

import os
import signal
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import redirect_stderr
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any, TypeVar

from stages.core.errors import InputError, LostError
from stages.core.parcels import (
    LATER,
    WITHIN,
    read_parcel,
    receive,
    result_or_error,
    send,
    write_parcel,
)
from stages.core.threads import cores

R = TypeVar("R")

ADDRESS = "RAY_ADDRESS"
"""The variable that names a cluster, as for Ray's own programs: an address, or `auto`."""
GRAPH_WORKERS = "E2EP_GRAPH_WORKERS"
"""The variable that says on how many workers of the cluster one graph is trained."""


def spread(
    function: Callable[..., R],
    parts: Iterable[Any],
    threads: int = 1,
    memory: int = 0,
    shared: Mapping[str, Any] | None = None,
    at_once: int | None = None,
) -> Generator[tuple[int, R], None, None]:
    """Yield the number of a part and ``function(part, **shared)``, as they end.

    function: of a module, as a worker imports it. parts: taken one by one, only as there is a
    worker for them; LATER among them says that the next one depends on a result that is still to
    come. threads, memory: what a part needs, memory in bytes. shared: sent once per
    machine, not per part. at_once: parts at most. All arrays are read-only on the other side, and
    results here.

    An error ends everything, and arrives as itself. Who may not come to the end closes it.
    """
    if address := os.environ.get(ADDRESS):
        from stages.core.cluster import spread_on_cluster

        yield from spread_on_cluster(
            address, function, parts, threads, memory, shared or {}, at_once
        )
    else:
        most = min(slots_here(threads, memory), at_once or cores())
        with TemporaryDirectory(prefix="e2ep-") as folder:
            yield from _Crew(function, threads, shared or {}, Path(folder) / "shared").work(
                parts, most
            )


def by_number(results: Iterable[tuple[int, R]]) -> Generator[R, None, None]:
    """What `spread` yields, in the order of its parts; what comes early waits."""
    early: dict[int, R] = {}
    number = 0
    for made, result in results:
        early[made] = result
        while number in early:
            yield early.pop(number)
            number += 1


def is_on_cluster() -> bool:
    """Whether work is spread over a cluster."""
    return bool(os.environ.get(ADDRESS))


def graph_workers() -> int:
    """On how many workers of the cluster one graph is trained; 1 is this process alone."""
    said = os.environ.get(GRAPH_WORKERS) or "1"
    if not said.isdigit() or said == "0":
        raise InputError(f"{GRAPH_WORKERS} is {said!r}; give the number of workers, such as 2")
    if said != "1" and not is_on_cluster():
        raise InputError(
            f"{GRAPH_WORKERS} asks for {said} workers, but no cluster is named; give --cluster "
            f"ADDRESS or set {ADDRESS}"
        )
    return int(said)


def slots(threads: int = 1, memory: int = 0) -> int:
    """How many parts can be worked on at once, here or on the cluster; within a part, one."""
    if WITHIN.get():
        return 1
    if address := os.environ.get(ADDRESS):
        from stages.core.cluster import slots_of_cluster

        return slots_of_cluster(address, threads, memory)
    return slots_here(threads, memory)


def slots_here(threads: int, memory: int) -> int:
    """One per core and thread, fewer if memory is short, at least one."""
    by_memory = _free_memory() // memory if memory else cores()
    return max(min(cores() // threads, by_memory), 1)


def _free_memory() -> int:
    """Bytes that new processes can have; all there is where the system does not say."""
    page = os.sysconf("SC_PAGE_SIZE")
    lines = Path("/proc/meminfo").read_text().splitlines() if Path("/proc/meminfo").exists() else []
    free = (int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable"))
    return next(free, page * os.sysconf("SC_PHYS_PAGES"))


class _Worker:
    """A process that works on one part after the other."""

    def __init__(self, *work: Any) -> None:
        context = get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, *work), daemon=True)
        self.process.start()
        theirs.close()
        self.number = -1

    def begin(self, number: int, part: Any) -> None:
        self.number = number
        try:
            send(self.pipe, part)
        except BrokenPipeError:  # it is lost, as `result` says
            return

    def result(self) -> Any:
        try:
            done, value = receive(self.pipe)
        except (EOFError, ConnectionResetError):
            self.process.join()
            raise LostError(
                f"the process that worked on part {self.number + 1} ended with "
                f"{self.process.exitcode}, as if memory had run out; run it with fewer at once or "
                "on a larger machine"
            ) from None
        if not done:
            raise value
        return value

    def end(self) -> None:
        self.process.terminate()
        self.process.join(5)
        self.process.kill()
        self.pipe.close()


class _Crew:
    """The processes of one `spread` on this machine."""

    def __init__(
        self, function: Callable, threads: int, shared: Mapping[str, Any], file: Path
    ) -> None:
        self.given = (function, threads, file, *write_parcel(file, dict(shared)))
        self.workers: list[_Worker] = []

    def work(self, parts: Iterable[Any], most: int) -> Generator[tuple[int, Any], None, None]:
        waiting, busy, count = iter(parts), dict[Connection, _Worker](), 0
        try:
            while True:
                while len(busy) < most and (part := next(waiting, LATER)) is not LATER:
                    worker = self._idle(busy)
                    worker.begin(count, part)
                    busy[worker.pipe] = worker
                    count += 1
                if not busy:
                    return
                for pipe in wait(list(busy)):
                    worker = busy.pop(pipe)  # type: ignore[call-overload]
                    yield worker.number, worker.result()
        finally:
            for worker in self.workers:
                worker.end()

    def _idle(self, busy: dict[Connection, _Worker]) -> _Worker:
        for worker in self.workers:
            if worker.pipe not in busy:
                return worker
        self.workers.append(_Worker(*self.given))
        return self.workers[-1]


def _serve(
    pipe: Connection,
    function: Callable,
    threads: int,
    file: Path,
    head: bytes,
    spans: list[tuple[int, int]],
) -> None:
    """Work on parts until there is no more; Ctrl-C is for the caller, who ends this process.

    Only the caller says what is going on, so that lines do not mix.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with, args=(parent_process(),), daemon=True).start()
    shared = read_parcel(file, head, spans)
    with open(os.devnull, "w") as silent, redirect_stderr(silent):
        try:
            while True:
                send(pipe, result_or_error(function, receive(pipe), threads, shared))
        except (EOFError, BrokenPipeError):
            return


def _end_with(caller: BaseProcess) -> None:
    """End this process in the middle of its part once the caller is gone, even by `kill -9`."""
    caller.join()
    os._exit(1)
