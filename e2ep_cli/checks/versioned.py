"""A data set against the hashes under which data.dvc versions it."""

import hashlib
import json
from pathlib import Path

import yaml

from stages.core.text import read_text

_REMOTE = Path(".dvc/remote/files/md5")


def changed_files(folder: Path, dataset: str) -> dict[str, str] | None:
    """Files of data/DATASET that are changed, missing or not listed.

    None where data.dvc or its listing lacks the set.
    """
    listed = _listed(folder, f"data/{dataset}")
    if listed is None:
        return None
    place = folder / "data" / dataset
    there = {
        path.relative_to(place).as_posix(): path for path in place.rglob("[!.]*") if path.is_file()
    }
    states = {name: _state(there.get(name), digest) for name, digest in listed.items()}
    states |= {name: "not listed" for name in there if name not in listed}
    return {name: state for name, state in states.items() if state}


def _listed(folder: Path, path: str) -> dict[str, str] | None:
    if not (folder / "data.dvc").is_file():
        return None
    outs = yaml.safe_load(read_text(folder / "data.dvc"))["outs"]
    digests = [out["md5"] for out in outs if out["path"] == path]
    listing = folder / _REMOTE / digests[0][:2] / digests[0][2:] if digests else None
    if listing is None or not listing.is_file():
        return None
    return {
        entry["relpath"]: entry["md5"] for entry in json.loads(listing.read_text(encoding="utf-8"))
    }


def _state(file: Path | None, digest: str) -> str:
    if file is None:
        return "missing"
    with file.open("rb") as content:
        return "" if hashlib.file_digest(content, "md5").hexdigest() == digest else "changed"
