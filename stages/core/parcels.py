"""Parts on their way to a worker and results on their way back, their arrays read-only there.

A pickle travels with the memory of its arrays beside it (PEP 574). Ray does the same, so code that
writes into what it was given fails on one machine as it would on a cluster.
"""

import mmap
import pickle
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from stages.core.errors import E2epError
from stages.core.threads import limit_threads

LATER = object()
"""Stands for the next part if that depends on a result that is still to come."""
WITHIN = ContextVar("WITHIN", default=False)
"""Whether this process works on a part, and so has its share of the machine already."""
_ALIGNED = 64
"""Bytes; where an array begins in a file, so that it may be used in place."""


def pack(value: Any) -> tuple[bytes, list[memoryview]]:
    """The pickle of a value, and the memory of its arrays, which is not copied."""
    buffers: list[pickle.PickleBuffer] = []
    head = pickle.dumps(value, protocol=5, buffer_callback=buffers.append)
    return head, [buffer.raw() for buffer in buffers]


def send(connection: Connection, value: Any) -> int:
    """Send a value to the other process; returns the bytes sent."""
    head, buffers = pack(value)
    connection.send((head, len(buffers)))
    for buffer in buffers:
        connection.send_bytes(buffer)
    return len(head) + sum(buffer.nbytes for buffer in buffers)


def receive(connection: Connection) -> Any:
    """The next value from the other process, its arrays read-only; EOFError if there is none."""
    head, count = connection.recv()
    return pickle.loads(head, buffers=[connection.recv_bytes() for _ in range(count)])


def write_parcel(path: Path, value: Any) -> tuple[bytes, list[tuple[int, int]]]:
    """Write the arrays of a value to a file; returns what `read_parcel` needs beside it."""
    head, buffers = pack(value)
    spans, end = [], 0
    with path.open("wb") as file:
        for buffer in buffers:
            file.write(bytes(-end % _ALIGNED))
            start = end + -end % _ALIGNED
            file.write(buffer)
            end = start + buffer.nbytes
            spans.append((start, buffer.nbytes))
    return head, spans


def read_parcel(path: Path, head: bytes, spans: Sequence[tuple[int, int]]) -> Any:
    """The value, its arrays mapped from the file, so that all processes share their memory."""
    if not any(size for _, size in spans):
        return pickle.loads(head, buffers=[b""] * len(spans))
    with path.open("rb") as file:
        mapped = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    return pickle.loads(head, buffers=[mapped[start : start + size] for start, size in spans])


def result_or_error(
    function: Callable[..., Any], part: Any, threads: int, shared: Mapping[str, Any]
) -> tuple[bool, Any]:
    """True and what `function` makes of a part, or False and the error that it raised."""
    limit_threads(threads)
    before = WITHIN.set(True)
    try:
        return True, function(part, **shared)
    except Exception as error:
        return False, _portable(error)
    finally:
        WITHIN.reset(before)


def _portable(error: Exception) -> Exception:
    """The error as it can travel: itself, or its traceback if a copy of it cannot be made.

    Where it is no fault of a person, the traceback goes with it.
    """
    trace = "".join(traceback.format_exception(error))
    if not isinstance(error, E2epError | OSError):
        error.add_note(f"in a worker process:\n{trace}")
    try:
        copied = pickle.loads(pickle.dumps(error))
    except Exception:
        copied = None
    alike = type(copied) is type(error) and str(copied) == str(error)
    return error if alike else RuntimeError(trace)
