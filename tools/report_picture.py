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
    *("--disable-quic", "--disable-background-networking", "--disable-component-update"),
)
SIZE = "1200,1080"
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
    browser = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if browser is None:
        raise InputError(f"none of {', '.join(BROWSERS)} is on PATH; install Chromium")
    photograph(browser, page, _PICTURE)


def photograph(browser: str, page: Path, out: Path) -> None:
    """A picture of `page` as `browser` shows it, with a separate browser profile."""
    with TemporaryDirectory() as profile:
        where = (f"--user-data-dir={profile}", f"--window-size={SIZE}", f"--screenshot={out}")
        root = ("--no-sandbox",) if os.geteuid() == 0 else ()
        command = (browser, *FLAGS, *root, *where, page.resolve().as_uri())
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    if done.returncode or not out.exists():
        raise InputError(f"{browser} made no picture: {done.stderr.strip()[-200:]}")


if __name__ == "__main__":
    typer.run(main)
