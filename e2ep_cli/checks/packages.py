"""The direct dependencies against constraints.txt, from their metadata, none of them imported."""

import re
import tomllib
from importlib.util import find_spec
from pathlib import Path

from e2ep_cli.checks.diagnosis import Diagnosis
from stages.core.text import read_text

INSTALL = "pip install -e . -c constraints.txt"
CUDA = re.compile(r"^cuda\b[^=]*= *'([\d.]+)'", re.MULTILINE)


def check(folder: Path) -> list[Diagnosis]:
    """Missing packages, versions other than pinned, and the build of torch."""
    from stages.evaluate.output.record import installed

    found = {name: installed(name) for name in direct(folder)}
    return [*compared(found, pins(folder)), *_torch(found.get("torch"))]


def direct(folder: Path) -> list[str]:
    """The names of the project's own dependencies."""
    project = tomllib.loads(read_text(folder / "pyproject.toml"))["project"]
    return [normal(re.split(r"[^\w.-]", line, maxsplit=1)[0]) for line in project["dependencies"]]


def pins(folder: Path) -> dict[str, str]:
    """The version of each package in constraints.txt."""
    lines = read_text(folder / "constraints.txt").splitlines()
    pairs = (line.split("#")[0].partition("==") for line in lines)
    return {normal(name): version.strip() for name, equal, version in pairs if equal}


def normal(name: str) -> str:
    """A package's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name.strip()).lower()


def compared(found: dict[str, str | None], pinned: dict[str, str]) -> list[Diagnosis]:
    """A row for all that are missing, one for all that differ, or one that says there are none; +cpu does not count."""
    missing = [name for name, version in found.items() if version is None]
    other = [
        f"{name} {version} (pinned {pinned[name]})"
        for name, version in found.items()
        if version and version.partition("+")[0] != pinned.get(name, version).partition("+")[0]
    ]
    rows = (
        [Diagnosis("fault", "packages", f"missing: {', '.join(missing)}", INSTALL)]
        if missing
        else []
    )
    if other:
        note = f"{', '.join(other)}: numbers may differ from the committed ones"
        rows.append(Diagnosis("note", "packages", note, INSTALL))
    return rows or [
        Diagnosis("fine", "packages", f"{len(found)} direct dependencies, all as pinned")
    ]


def _torch(version: str | None) -> list[Diagnosis]:
    spec = find_spec("torch") if version else None
    if spec is None or spec.origin is None:
        return []
    about = Path(spec.origin).with_name("version.py").read_text(encoding="utf-8")
    return [Diagnosis("fine", "torch", f"{version}, {build(about)}")]


def build(about: str) -> str:
    """What the text of torch/version.py says about CUDA."""
    found = CUDA.search(about)
    return (
        f"built for CUDA {found[1]}; the pipeline runs on the CPU"
        if found
        else "built without CUDA"
    )
