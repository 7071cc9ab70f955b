"""The direct dependencies against constraints.txt, by their metadata, without importing any."""

import re
import tomllib
from importlib.util import find_spec
from pathlib import Path

from e2ep_cli.checks.diagnosis import Diagnosis
from stages.core.text import read_text
from stages.evaluate.output.record import installed

_INSTALL = "pip install -e . -c constraints.txt"
_CUDA = re.compile(r"^cuda\b[^=]*= *'([\d.]+)'", re.MULTILINE)


def check(folder: Path) -> list[Diagnosis]:
    """Missing packages, versions that differ from the pins, and the build of torch."""
    versions = {name: installed(name) for name in direct_dependencies(folder)}
    return [*version_rows(versions, pins(folder)), *_torch(versions.get("torch"))]


def direct_dependencies(folder: Path) -> list[str]:
    """The names of the project's own dependencies."""
    project = tomllib.loads(read_text(folder / "pyproject.toml"))["project"]
    return [
        normalized_name(re.split(r"[^\w.-]", line, maxsplit=1)[0])
        for line in project["dependencies"]
    ]


def pins(folder: Path) -> dict[str, str]:
    """The version of each package in constraints.txt."""
    lines = read_text(folder / "constraints.txt").splitlines()
    pairs = (line.split("#")[0].partition("==") for line in lines)
    return {normalized_name(name): version.strip() for name, equal, version in pairs if equal}


def normalized_name(name: str) -> str:
    """A package's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name.strip()).lower()


def version_rows(versions: dict[str, str | None], pinned: dict[str, str]) -> list[Diagnosis]:
    """One row for missing packages, one for those that differ from the pins, or a fine one.

    A build such as +cpu does not count as a difference.
    """
    missing = [name for name, version in versions.items() if version is None]
    other = [
        f"{name} {version} (pinned {pinned[name]})"
        for name, version in versions.items()
        if version and version.partition("+")[0] != pinned.get(name, version).partition("+")[0]
    ]
    rows = (
        [Diagnosis("fault", "packages", f"missing: {', '.join(missing)}", _INSTALL)]
        if missing
        else []
    )
    if other:
        note = f"{', '.join(other)}: numbers may differ from the committed ones"
        rows.append(Diagnosis("note", "packages", note, _INSTALL))
    return rows or [
        Diagnosis("fine", "packages", f"{len(versions)} direct dependencies, all as pinned")
    ]


def _torch(version: str | None) -> list[Diagnosis]:
    spec = find_spec("torch") if version else None
    if spec is None or spec.origin is None:
        return []
    about = Path(spec.origin).with_name("version.py").read_text(encoding="utf-8")
    return [Diagnosis("fine", "torch", f"{version}, {build(about)}")]


def build(about: str) -> str:
    """What the text of torch/version.py says about CUDA."""
    cuda = _CUDA.search(about)
    return (
        f"built for CUDA {cuda[1]}; train.common.device and embed.device say whether it is used"
        if cuda
        else "built without CUDA"
    )
