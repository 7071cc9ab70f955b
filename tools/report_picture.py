"""`python -m tools.report_picture`: photograph the top of report.html for the README."""

import os
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from stages.core.errors import InputError, one_sentence

_PICTURE = Path("docs") / "pictures" / "report.png"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = (
    *("--headless", "--disable-gpu", "--hide-scrollbars", "--no-first-run", "--disable-sync"),
    *(
        "--virtual-time-budget=5000",
        "--disable-quic",
        "--disable-background-networking",
        "--disable-component-update",
    ),
)
_SIZE = (1200, 1080)
"""From the title of the report to the end of what was found, in pixels."""


@one_sentence
def main(
    page: Annotated[Path, typer.Option(help="The page that `e2ep run` wrote.")] = Path(
        "report.html"
    ),
) -> None:
    """Photograph the top of the report with Chromium."""
    if not page.exists():
        raise InputError(f"{page} is not there; make it with `e2ep run`")
    photograph(chosen_browser(), page.resolve().as_uri(), _PICTURE, _SIZE)


def chosen_browser() -> str:
    """The first of the browsers that is here."""
    browser = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if browser is None:
        raise InputError(f"none of {', '.join(BROWSERS)} is on PATH; install Chromium")
    return browser


def photograph(browser: str, address: str, out: Path, size: tuple[int, int]) -> None:
    """A picture, in pixels, of what `browser` shows at an address, with a profile of its own."""
    with TemporaryDirectory() as profile:
        window = f"--window-size={size[0]},{size[1]}"
        where = (f"--user-data-dir={profile}", window, f"--screenshot={out}")
        root = ("--no-sandbox",) if os.geteuid() == 0 else ()
        command = (browser, *FLAGS, *root, *where, address)
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    if done.returncode or not out.exists():
        raise InputError(f"{browser} made no picture: {done.stderr.strip()[-200:]}")


if __name__ == "__main__":
    typer.run(main)
