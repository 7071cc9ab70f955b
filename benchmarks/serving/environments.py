"""Environments of packages, one a server, and servers that stop with the program."""

import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from stages.core.errors import InputError

DONE = "installed.json"
"""Written into an environment last, so that one cut off is made again."""
STARTING = 240.0
"""Seconds that a server may take until it answers."""
STOPPING = 10.0
"""Seconds until a server that was asked to stop is killed."""
_KEPT = ("PATH", "HOME", "LANG", "TMPDIR")
_PIP = ("PIP_", "SSL_", "REQUESTS_")


def made(
    folder: Path,
    packages: Sequence[str],
    without: Sequence[str] = (),
    variables: Mapping[str, str] | None = None,
    limit: float = 1800.0,
) -> Path:
    """The folder of an environment's programs; installed unless it is there.

    Raises InputError with pip's last words if it fails or takes longer than `limit` seconds.
    """
    asked = json.dumps([packages, without, dict(variables or {})])
    env = folder / hashlib.sha256(asked.encode()).hexdigest()[:12]
    programs = env / "bin"
    if (env / DONE).exists():
        return programs
    shutil.rmtree(env, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", env], check=True)
    pip, log = f"{programs}/pip", env.with_suffix(".log")
    _run([pip, "install", *packages], log, variables or {}, limit)
    if without:
        _run([pip, "uninstall", "-y", *without], log, {}, limit)
    (env / DONE).write_text(asked, encoding="utf-8")
    return programs


def _run(command: list[str], log: Path, variables: Mapping[str, str], limit: float) -> None:
    with log.open("a", encoding="utf-8") as out:
        process = _started(command, out.fileno(), _bare(_PIP) | dict(variables))
        try:
            code: int | None = process.wait(limit)
        except subprocess.TimeoutExpired:
            code = None
        finally:
            stop(process)
    if code is None:
        raise InputError(f"{' '.join(command[1:])} was not done after {limit:.0f} s; see {log}")
    if code:
        raise InputError(f"{' '.join(command[1:])} failed: {last_line(log)}; see {log}")


def last_line(log: Path) -> str:
    """The last line that says something."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return next((line.strip() for line in reversed(lines) if line.strip()), "no output")


def _bare(prefixes: tuple[str, ...] = ()) -> dict[str, str]:
    """This program's environment without keys, proxies and everything else that is not needed."""
    return {k: v for k, v in os.environ.items() if k in _KEPT or k.startswith(prefixes or ("LC_",))}


def _started(command: list[str], out: int, variables: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """In a process group of its own, so that it can be stopped with all that it starts."""
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=out,
        stderr=subprocess.STDOUT,
        env=dict(variables),
        start_new_session=True,
    )


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ask the whole group to end, and kill what is still there."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        process.wait(STOPPING)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@contextmanager
def running(
    command: list[str], port: int, log: Path, variables: Mapping[str, str]
) -> Iterator[str]:
    """The address of a server, for as long as it is needed; it is stopped whatever happens."""
    with log.open("w", encoding="utf-8") as out:
        process = _started(command, out.fileno(), _bare() | dict(variables))
        try:
            address = f"http://127.0.0.1:{port}"
            _wait(process, f"{address}/v1/models", log)
            yield address
        finally:
            stop(process)


def _wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    """Return once the server answers; an InputError if it ends or takes too long."""
    deadline = time.monotonic() + STARTING
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise InputError(f"the server ended at once: {last_line(log)}; see {log}")
        with suppress(OSError), urllib.request.urlopen(url, timeout=5):
            return
        time.sleep(0.3)
    raise InputError(f"the server gave no answer within {STARTING:.0f} s; see {log}")


def free_port() -> int:
    """A port on which nobody listens now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
