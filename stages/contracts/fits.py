"""The time and memory of every fit, recorded next to the answer cache, not in DVC's outputs."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from pydantic import AwareDatetime, Field, ValidationError

from stages.contracts.rows import Row

FITS_FILE = "fits.jsonl"
"""In the cache folder; one line per fit, the latest last."""

Growth = Literal["ratings", "cells", "items"]
"""What a model's work grows with: ratings, users × items, or the cube of the items."""


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
    """The most epochs that the settings allow; None for a model without epochs."""
    grows_with: Growth
    settings: str
    """SHA-256 of the model's section as JSON with sorted keys."""
    threads: int
    seconds: float
    base_mb: float
    """Peak memory of the process before the fit, in millions of bytes."""
    peak_mb: float


def append_fit(folder: Path, record: FitRecord) -> None:
    """Add a line to the record in `folder`; one write, so that parallel fits do not interleave."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / FITS_FILE).open("ab", buffering=0) as file:
        file.write(record.model_dump_json().encode() + b"\n")


def read_fits(folder: Path) -> Iterator[FitRecord]:
    """All records in `folder`, oldest first, without lines that are damaged or differ in form."""
    file = folder / FITS_FILE
    for line in file.read_bytes().splitlines() if file.is_file() else ():
        try:
            yield FitRecord.model_validate_json(line)
        except ValidationError:
            continue
