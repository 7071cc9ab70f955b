"""`dvc repro` as a child process, its output told stage by stage."""

import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

RUNNING = re.compile(r"^Running stage '(.+)':$")
UNCHANGED = re.compile(r"^Stage '(.+)' (didn't change, skipping|is cached - skipping run.*)$")
NOISE = re.compile(
    r"^(> python -m |Updating lock file|Generating lock file|To track the changes|\s*git add|To enable auto|\s*dvc config|Verifying data|'data.dvc' didn't change|Use `dvc push`|Reproducing experiment|Ran experiment|To apply the results|\s*dvc exp apply|Queueing with overrides)"
)

Hear = Callable[[str], None]


def reproduce(folder: Path, targets: list[str], total: int, force: bool = False) -> int:
    """Run `dvc repro` on the targets, all stages where there are none; its exit code."""
    flags = ["--force", "--single-item"] if force else []
    return followed(folder, ["repro", *flags, *targets], total)


def followed(folder: Path, arguments: list[str], total: int | None = None, hear: Hear | None = None) -> int:
    """Run DVC with these arguments, of `total` stages where that is known, told as it goes; its exit code.

    hear: takes each line that it prints.
    """
    command = [sys.executable, "-m", "dvc", *arguments]
    scripts = str(Path(sys.executable).parent)
    environment = os.environ | {"PATH": f"{scripts}{os.pathsep}{os.environ.get('PATH', '')}", "PYTHONUNBUFFERED": "1"}
    environment["E2EP_COMMAND"] = shlex.join(["e2ep", *sys.argv[1:]])
    pipe = subprocess.PIPE
    with (
        subprocess.Popen(command, cwd=folder, env=environment, stdout=pipe, text=True, start_new_session=True) as child,
        _stopping(child) as stopped,
    ):
        _tell(_lines(child, hear), total)
        code = child.wait()
    if stopped:
        print("stopped; the same command goes on from here", file=sys.stderr)
        return 128 + stopped[0]
    return 1 if code else 0


def _lines(child: subprocess.Popen, hear: Hear | None) -> Iterator[str]:
    for line in child.stdout or ():
        text = line.rstrip()
        if hear:
            hear(text)
        yield text


def _tell(lines: Iterator[str], total: int | None) -> None:
    from rich.console import Console

    console, done, skipped = Console(highlight=False), 0, 0
    for text in lines:
        if found := RUNNING.match(text):
            done += 1
            place = f"{done + skipped:2d}/{total} " if total else ""
            console.print(f"[bold cyan]▸[/] [dim]{place}[/][bold]{found[1]}[/]", soft_wrap=True)
        elif UNCHANGED.match(text):
            skipped += 1
        elif text and not NOISE.match(text):
            console.print(f"  {text}", soft_wrap=True, markup=False)
    if skipped:
        console.print(f"[dim]{skipped}{f' of {total}' if total else ''} stages were up to date[/]", soft_wrap=True)


@contextmanager
def _stopping(child: subprocess.Popen) -> Iterator[list[int]]:
    """Pass Ctrl-C, TERM and HUP on to DVC and the stage that it runs, a process group of their own; yield what came."""
    stopped: list[int] = []

    def stop(number: int, _: Any) -> None:
        stopped.append(number)
        os.killpg(child.pid, number)

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield stopped
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
