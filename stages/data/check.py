"""Verifying data/NAME: its checksums against the manifest, and that all of it can be read."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from stages.core.errors import InputError
from stages.data.dataset import PARTS, Dataset
from stages.data.manifest import (
    MANIFEST,
    FileFacts,
    Manifest,
    counted,
    file_facts,
    read_manifest,
)
from stages.data.read import read_dataset, require_folder
from stages.data.registry.entries import SAMPLE
from stages.data.unchanged import listed_files, way_back


@dataclass(frozen=True)
class Finding:
    """One data set: what it holds, the state of its files, and its fault.

    facts: empty if the set cannot be read.
    """

    name: str
    facts: dict[str, str]
    files: dict[str, str]
    fault: str | None

    @property
    def rows(self) -> dict[str, str]:
        """The facts, how many files are unchanged, and every other file by name."""
        good = sum(state == "ok" for state in self.files.values())
        others = {name: state for name, state in self.files.items() if state != "ok"}
        return {**self.facts, "files": f"{good} ok" if self.files else "no manifest", **others}


def check(folder: Path) -> Finding:
    """Hash, compare and read one data set."""
    require_folder(folder)
    try:
        manifest = read_manifest(folder)
    except InputError as error:
        return Finding(folder.name, {}, {}, str(error))
    files = _file_states(folder, listed_files(folder))
    fault = _file_fault(folder, manifest, files)
    try:
        data = read_dataset(folder)
    except InputError as error:
        return Finding(folder.name, {}, files, fault or str(error))
    return Finding(folder.name, _facts(data), files, fault or _count_fault(folder, manifest, data))


def _file_states(folder: Path, listed: dict[str, FileFacts]) -> dict[str, str]:
    """Each file as ok, changed, missing or not listed."""
    if not listed:
        return {}
    there = file_facts(folder)
    states = {
        name: "ok" if there.get(name) == facts else "changed" if name in there else "missing"
        for name, facts in listed.items()
    }
    return states | {name: "not listed" for name in there if name not in states}


def _file_fault(folder: Path, manifest: Manifest | None, files: dict[str, str]) -> str | None:
    if manifest is None and folder.name != SAMPLE:
        return (
            f"{folder} has no {MANIFEST}, so nothing proves its files; "
            "add or import it again with --replace"
        )
    wrong = [
        f"{name} is {state}" for name, state in files.items() if state in ("changed", "missing")
    ]
    if not wrong:
        return None
    return f"{folder}: {', '.join(wrong)} since it was made; {way_back(folder.name)}"


def _count_fault(folder: Path, manifest: Manifest | None, data: Dataset) -> str | None:
    counts = counted(data)
    if manifest is None or manifest.counts == counts:
        return None
    return (
        f"{folder} holds {counts}, its manifest says {manifest.counts}; get it again with --replace"
    )


def _facts(data: Dataset) -> dict[str, str]:
    counts, values = counted(data), data.ratings["rating"].to_numpy("float64")
    return {
        "users": f"{counts.users:,}",
        data.words.items: f"{counts.movies:,}",
        data.words.rows: f"{counts.ratings:,}" + (" (simulated)" if data.simulated else ""),
        "density": f"{counts.ratings / (counts.users * counts.movies):.2%}",
        "mean": "none: nobody gave a rating"
        if data.implicit
        else f"{values.mean():.3f} on {data.scale[0]:g}-{data.scale[1]:g}",
        "time span": _span(data),
        **_parts(data),
    } | (
        {}
        if data.implicit
        else {"positives": f"{(values >= data.positive_at).mean():.1%} (from {data.positive_at:g})"}
    )


def _parts(data: Dataset) -> dict[str, str]:
    """How many rows each part has, if the set comes with a split of its own."""
    if "part" not in data.ratings:
        return {}
    rows = data.ratings["part"].value_counts()
    return {"parts": ", ".join(f"{part} {rows[part]:,}" for part in PARTS if part in rows)}


def _span(data: Dataset) -> str:
    if not data.timestamps:
        return "unknown, only each user's order" if data.ordered else "unknown"
    known = data.ratings["timestamp"][data.ratings["timestamp"] > 0]
    first, last = (
        datetime.fromtimestamp(int(time), UTC).date().isoformat()
        for time in (known.min(), known.max())
    )
    return f"{first} – {last}"
