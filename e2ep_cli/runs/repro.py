"""DVC as a child process, with its output shown stage by stage."""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from rich.text import Text

from e2ep_cli.console import PlainConsole
from e2ep_cli.project.ready import allow_no_git
from e2ep_cli.runs.quiet import passed_on
from stages.core.log import TERMINAL

_RUNNING = re.compile(r"^Running stage '(.+)':$")
_UNCHANGED = re.compile(r"^Stage '(.+)' (didn't change, skipping|is cached - skipping run.*)$")
_NOISE = re.compile(
    r"^(> python -m |Updating lock file|Generating lock file|To track the changes|\s*git add"
    r"|To enable auto|\s*dvc config|Verifying data|'data.dvc' didn't change|Use `dvc push`"
    r"|Reproducing experiment|Ran experiment|To apply the results|\s*dvc exp apply"
    r"|Queueing with overrides)"
)

_RUN = f"{os.getpid()}-{time.time_ns()}"
"""One number for all steps of this command, by which they know what a server refused."""

Hear = Callable[[str], None]


@dataclass
class Done:
    """How DVC ended, what it ran and skipped, and seconds of fits ahead of it by model, split."""

    code: int = 0
    ran: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    seconds: dict[tuple[str, str], float] = field(default_factory=dict)


def reproduce(
    folder: Path, targets: list[str], total: int, force: bool = False, before: int = 0
) -> Done:
    """Run `dvc repro` on the targets, or on all stages if there are none."""
    flags = ["--force", "--single-item"] if force else []
    arguments = ["--wait-for-lock", "repro", *flags, *targets]
    return followed(folder, arguments, total, before=before)


def followed(
    folder: Path,
    arguments: list[str],
    total: int | None = None,
    hear: Hear = lambda _line: None,
    unsafe_until: str = "",
    before: int = 0,
) -> Done:
    """Run DVC with these arguments and show its progress.

    total: how many stages there are, if known. before: how many of them are done. hear: is called
    with each line that DVC prints.
    unsafe_until: how the line begins after which DVC may be stopped.
    """
    allow_no_git(folder)
    command = [sys.executable, "-m", "dvc", *arguments]
    scripts = str(Path(sys.executable).parent)
    environment = os.environ | {
        "PATH": f"{scripts}{os.pathsep}{os.environ.get('PATH', '')}",
        "PYTHONUNBUFFERED": "1",
    }
    environment["E2EP_COMMAND"] = shlex.join(["e2ep", *sys.argv[1:]])
    environment["E2EP_RUN"] = _RUN
    if sys.stderr.isatty():
        environment |= {TERMINAL: "1", "COLUMNS": str(shutil.get_terminal_size().columns)}
    pipe = subprocess.PIPE
    with (
        subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdout=pipe,
            stderr=pipe,
            start_new_session=True,
        ) as child,
        _stopping(Stops(child, unsafe_until)) as stops,
        _ended_with_us(child, "sleep 20; kill -s INT" if unsafe_until else "kill -s TERM"),
    ):
        assert child.stdout
        assert child.stderr
        errors = passed_on(child.stderr, sys.stderr.buffer)
        done = _show(_lines(child.stdout, hear, stops), total, before)
        done.code = 1 if child.wait() else 0
        errors.join()
    if stops.came:
        print("stopped; the same command continues from here", file=sys.stderr)
        done.code = 128 + stops.came[0]
    return done


@contextmanager
def _ended_with_us(child: subprocess.Popen, end: str) -> Iterator[None]:
    """End the child's process group if this process dies, even by `kill -9`.

    A shell waits for a line, which it gets when all went well, or for the end of its input.
    """
    script = f'read -r line || {{ {end} -- "-$0"; sleep 5; kill -s KILL -- "-$0"; }}'
    with subprocess.Popen(
        ["sh", "-c", script, str(child.pid)],
        stdin=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as watch:
        try:
            yield
        finally:
            watch.communicate(b"done\n")


@dataclass
class Stops:
    """Ctrl-C, TERM and HUP for DVC and the stage that it runs, which have their own process group.

    While DVC makes an experiment, the person's edits are in a stash and HEAD is detached, and DVC
    puts neither back when it is terminated. So until DVC prints a line that begins with
    `unsafe_until` a signal waits, and is then sent as a Ctrl-C.
    """

    child: subprocess.Popen
    unsafe_until: str
    came: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.waits, self.gently = bool(self.unsafe_until), bool(self.unsafe_until)

    def stop(self, number: int, _: Any) -> None:
        """Handle a signal."""
        self.came.append(number)
        if not self.waits:
            os.killpg(self.child.pid, signal.SIGINT if self.gently else number)

    def heard(self, line: str) -> None:
        """Send a signal that was held back, if this line says that DVC may be stopped."""
        if self.waits and line.startswith(self.unsafe_until):
            self.waits = False
            if self.came:
                os.killpg(self.child.pid, signal.SIGINT)


def _lines(output: IO[bytes], hear: Hear, stops: Stops) -> Iterator[str]:
    for line in output:
        text = line.decode(errors="replace").rstrip()
        stops.heard(text)
        hear(text)
        yield text


def _show(lines: Iterator[str], total: int | None, before: int) -> Done:
    """A line per stage that runs, one for those skipped before it, and what they print."""
    console, done, unsaid = PlainConsole(), Done(), 0
    for text in lines:
        if running := _RUNNING.match(text):
            _say_skipped(console, unsaid)
            unsaid = 0
            done.ran.append(running[1])
            place = before + len(done.ran) + len(done.skipped)
            of = f"{place:2d}/{total} " if total else ""
            line = Text.assemble(("▸ ", "bold cyan"), (of, "dim"), (running[1], "bold"))
            console.print(line, soft_wrap=True)
        elif unchanged := _UNCHANGED.match(text):
            done.skipped.append(unchanged[1])
            unsaid += 1
        elif text and not _NOISE.match(text):
            console.print(f"  {text}", soft_wrap=not console.is_terminal)
    _say_skipped(console, unsaid)
    return done


def _say_skipped(console: PlainConsole, count: int) -> None:
    if count:
        stages = "1 stage was" if count == 1 else f"{count} stages were"
        console.print(f"· {stages} up to date", style="dim", soft_wrap=True)


@contextmanager
def _stopping(stops: Stops) -> Iterator[Stops]:
    """Route the signals to `stops` while the context lasts."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, stops.stop) for number in numbers}
    try:
        yield stops
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
