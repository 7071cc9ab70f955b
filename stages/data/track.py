"""Adding a data set to DVC, for people who want it versioned."""

import subprocess
import sys
from pathlib import Path

from stages.core.errors import InputError


def require_dvc(where: Path = Path()) -> None:
    """Refuse a folder outside any DVC repository, before anything is done."""
    if _dvc(where, "root").returncode != 0:
        raise InputError(
            "--track needs a DVC repository and this is not one; run it in the project's folder"
        )


def track(folder: Path, where: Path = Path()) -> Path:
    """Run `dvc add`; the .dvc file that it writes is for the person to commit."""
    done = _dvc(where, "add", "--quiet", str(folder))
    if done.returncode != 0:
        why = " ".join(done.stderr.split()).removeprefix("ERROR: ")
        raise InputError(f"{folder} is in place, but `dvc add {folder}` failed: {why}")
    return folder.with_name(f"{folder.name}.dvc")


def _dvc(where: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "dvc", *arguments], cwd=where, capture_output=True, text=True
    )
