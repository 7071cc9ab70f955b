"""Ray nodes on this machine, for measurements and tests: loopback, own ports, own process groups.

`ray stop` would end every cluster on the machine; these are ended by their ids.
"""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp
from types import TracebackType
from typing import Self

_HOST = "127.0.0.1"
_STARTED = "Ray runtime started"
_PATIENCE = 120.0
"""Seconds within which a node has to start, even on a busy machine."""
_OBJECTS = 200_000_000
"""Bytes of each node's shared memory."""


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        return int(probe.getsockname()[1])


@dataclass
class RayNodes:
    """A head of one CPU, and as many more nodes of one CPU as are added."""

    cpus: int = 1
    port: int = field(default_factory=free_port)
    # Short, as the paths of sockets may have 107 bytes.
    folder: Path = field(default_factory=lambda: Path(mkdtemp(prefix="e2r-", dir="/tmp")))
    nodes: list[subprocess.Popen] = field(default_factory=list)
    token: str = field(default_factory=lambda: secrets.token_hex(32))
    modules: str = field(default_factory=lambda: os.environ.get("PYTHONPATH", ""))
    """Where the Python of every node looks for modules."""

    @property
    def address(self) -> str:
        """What --cluster is given."""
        return f"{_HOST}:{self.port}"

    @property
    def variables(self) -> dict[str, str]:
        """What the environment needs to use it."""
        return {"RAY_ADDRESS": self.address} | self._secret

    @property
    def _secret(self) -> dict[str, str]:
        return {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": self.token}

    def __enter__(self) -> Self:
        head = ["--head", f"--port={self.port}", f"--temp-dir={self.folder}"]
        self._start(*head, f"--dashboard-port={free_port()}", "--include-dashboard=false")
        return self

    def __exit__(
        self, kind: type | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for node in reversed(self.nodes):
            end_group(node)
        shutil.rmtree(self.folder, ignore_errors=True)

    def add(self, path: str = "") -> subprocess.Popen:
        """Start one more node; path: where its Python looks for modules first."""
        return self._start(f"--address={self.address}", path=path)

    def kill(self, node: subprocess.Popen) -> None:
        """End a node and all its processes at once, as a power cut would."""
        end_group(node)
        self.nodes.remove(node)

    def _start(self, *options: str, path: str = "") -> subprocess.Popen:
        known = filter(None, (path, self.modules))
        more = {"RAY_USAGE_STATS_ENABLED": "0", "PYTHONPATH": os.pathsep.join(known)}
        log = self.folder / f"node-{time.monotonic_ns()}.log"
        command = [sys.executable, "-m", "ray.scripts.scripts", "start", "--block"]
        sizes = [f"--num-cpus={self.cpus}", f"--object-store-memory={_OBJECTS}"]
        with log.open("w") as out:
            node = subprocess.Popen(
                [*command, *sizes, f"--node-ip-address={_HOST}", *options],
                env=os.environ | self._secret | more,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.nodes.append(node)
        end = time.monotonic() + _PATIENCE
        while _STARTED not in log.read_text():
            if node.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"the Ray node did not start: {log.read_text()}")
            time.sleep(0.2)
        return node


def end_group(process: subprocess.Popen) -> None:
    """Kill a process that has a group of its own, and all that it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@contextmanager
def on_cluster(nodes: RayNodes) -> Iterator[None]:
    """Spread over the nodes while the context lasts, and leave them then."""
    before = os.environ.copy()
    os.environ.update(nodes.variables)
    # Only now: it reads once whether there are tokens.
    import ray

    try:
        yield
    finally:
        ray.shutdown()
        os.environ.clear()
        os.environ.update(before)
