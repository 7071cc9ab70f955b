"""What DVC and its stages write on stderr, without what DVC adds to a stage's own words."""

import os
import re
from threading import Thread
from typing import IO

_NOISE = re.compile(
    rb"ERROR: failed to reproduce '.*': failed to run: .*, exited with (1|130|-2|-15)$"
    rb"|ERROR: interrupted by the user$"
    rb"|WARNING: Process '.*' with \(Pid \d+\), in RWLock-file .*"
)
"""A stage that ends by itself has said why; a lock of a process that is gone is DVC's to remove."""
_BEGINNINGS = (b"ERROR: failed to reproduce ", b"ERROR: interrupted", b"WARNING: Process ")


def passed_on(source: IO[bytes], sink: IO[bytes]) -> Thread:
    """A running thread that copies `source` to `sink` until it ends, as soon as anything comes."""
    thread = Thread(target=_pass_on, args=(source, sink), daemon=True)
    thread.start()
    return thread


def _pass_on(source: IO[bytes], sink: IO[bytes]) -> None:
    pending = b""
    while chunk := os.read(source.fileno(), 1 << 16):
        *lines, pending = (pending + chunk).split(b"\n")
        for line in lines:
            if not _NOISE.match(line):
                sink.write(line + b"\n")
        # A progress bar is a line without an end.
        if not any(pending.startswith(begin) or begin.startswith(pending) for begin in _BEGINNINGS):
            sink.write(pending)
            pending = b""
        sink.flush()
    sink.write(pending)
    sink.flush()
