"""The time and memory of every fit, recorded next to the answer cache, not in DVC's outputs."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from math import ceil
from pathlib import Path
from typing import Any, Literal

from pydantic import AwareDatetime, Field, ValidationError

from stages.contracts.rows import Row
from stages.core.files import write_text

FITS_FILE = "fits.jsonl"
"""In the cache folder; one line per fit, the latest last."""
MOST_LINES = 1000
"""Lines at most; with one more, only the last few of each kind are kept."""
KEPT = 5
"""Fits that are kept per model, data set and settings."""
CELLS_AT_ONCE = 1 << 24
"""Scores (users × items) at most that are in memory at a time while candidates are listed."""
CELL_BYTES = 40
"""Bytes of such a score."""


class Growth(Row):
    """How a model's time and memory grow with the data; all other memory is constant."""

    time: Literal["ratings", "cells", "items"] = "ratings"
    """Ratings, users × items, or the cube of the items."""

    rating_bytes: int = 130
    """Bytes per rating."""

    pair_bytes: int = 0
    """Bytes per pair of items, of a model that holds items × items."""

    most_items: int | None = None
    """With more items it does not hold items × items."""

    def fit_bytes(self, users: float, items: float, ratings: float) -> float:
        """Bytes of a fit on so much data, without the constant part."""
        chunks = max(1, ceil(users * items / CELLS_AT_ONCE))
        scores = CELL_BYTES * users * items / chunks
        holds_pairs = self.most_items is None or items <= self.most_items
        return self.rating_bytes * ratings + self.pair_bytes * holds_pairs * items**2 + scores


class FitRecord(Row):
    """One fit of a model on a split: selection on valid and the refit."""

    at: AwareDatetime
    model: str
    dataset: str
    split: str
    users: int = Field(ge=1)
    items: int = Field(ge=1)
    ratings: int = Field(ge=1)
    """Of train and valid together."""
    epochs: int | None
    """The most that the settings allow; None for a model without epochs."""
    growth: Growth
    settings: str
    """Digest of the model's section in params.yaml."""
    threads: int
    device: str = "cpu"
    seconds: float
    peak_mb: float | None
    """Peak memory of the process, in millions of bytes; None where the system does not say."""


def settings_digest(section: Any) -> str:
    """SHA-256 of a model's section in params.yaml, whatever the order of its keys."""
    # Numbers among the keys become texts first, as they cannot be sorted among texts.
    texts = json.loads(json.dumps(section or {}, default=str, skipkeys=True))
    return hashlib.sha256(json.dumps(texts, sort_keys=True).encode()).hexdigest()


def append_fit(folder: Path, record: FitRecord) -> None:
    """Add a line to the record in `folder`; one write, so that parallel fits do not mix theirs.

    A record that has become too long is shortened; a line added at that moment may be lost.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FITS_FILE
    before = path.read_bytes() if path.is_file() else b""
    # A line that was cut off is ended first.
    end = b"\n" if before and not before.endswith(b"\n") else b""
    with path.open("ab", buffering=0) as file:
        file.write(end + record.model_dump_json().encode() + b"\n")
    if before.count(b"\n") >= MOST_LINES:
        kept = _last_of_each(list(read_fits(folder)))
        write_text(path, "".join(f"{fit.model_dump_json()}\n" for fit in kept))


def _last_of_each(records: list[FitRecord]) -> list[FitRecord]:
    """The last few fits per model, data set and settings, and at most half as many as may be."""
    seen: Counter[tuple[str, str, str]] = Counter()
    kept = []
    for record in reversed(records):
        kind = record.model, record.dataset, record.settings
        seen[kind] += 1
        if seen[kind] <= KEPT:
            kept.append(record)
    return kept[: MOST_LINES // 2][::-1]


def read_fits(folder: Path) -> Iterator[FitRecord]:
    """All records in `folder`, oldest first, without lines that are damaged or differ in form."""
    file = folder / FITS_FILE
    for line in file.read_bytes().splitlines() if file.is_file() else ():
        try:
            yield FitRecord.model_validate_json(line)
        except ValidationError:
            continue
