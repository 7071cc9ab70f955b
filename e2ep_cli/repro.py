"""`dvc repro` as a child process, its output told stage by stage."""

import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

RUNNING = re.compile(r"^Running stage '(.+)':$")
UNCHANGED = re.compile(r"^Stage '(.+)' (didn't change, skipping|is cached - skipping run.*)$")
NOISE = re.compile(
    r"^(> python -m |Updating lock file|Generating lock file|To track the changes|\s*git add|To enable auto|\s*dvc config|Verifying data|'data.dvc' didn't change|Use `dvc push`)"
)


def reproduce(folder: Path, targets: list[str], total: int, force: bool = False) -> int:
    """Run `dvc repro` on the targets, all stages where there are none; its exit code."""
    flags = ["--force", "--single-item"] if force else []
    command = [sys.executable, "-m", "dvc", "repro", *flags, *targets]
    scripts = str(Path(sys.executable).parent)
    environment = os.environ | {"PATH": f"{scripts}{os.pathsep}{os.environ.get('PATH', '')}", "PYTHONUNBUFFERED": "1"}
    environment["E2EP_COMMAND"] = shlex.join(["e2ep", *sys.argv[1:]])
    pipe = subprocess.PIPE
    with (
        subprocess.Popen(command, cwd=folder, env=environment, stdout=pipe, text=True, start_new_session=True) as child,
        _stopping(child) as stopped,
    ):
        _tell(child, total)
        code = child.wait()
    if stopped:
        print("stopped; the same command goes on from here", file=sys.stderr)
        return 128 + stopped[0]
    return 1 if code else 0


def _tell(child: subprocess.Popen, total: int) -> None:
    from rich.console import Console

    console, done, skipped = Console(highlight=False), 0, 0
    for line in child.stdout or ():
        text = line.rstrip()
        if found := RUNNING.match(text):
            done += 1
            console.print(f"[bold cyan]▸[/] [dim]{done + skipped:2d}/{total}[/] [bold]{found[1]}[/]", soft_wrap=True)
        elif UNCHANGED.match(text):
            skipped += 1
        elif text and not NOISE.match(text):
            console.print(f"  {text}", soft_wrap=True, markup=False)
    if skipped:
        console.print(f"[dim]{skipped} of {total} stages were up to date[/]", soft_wrap=True)


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
