"""The time and memory of a fit, measured and recorded for `e2ep doctor`."""

import hashlib
import json
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from stages.contracts.fits import FitRecord, append_fit
from stages.core.cache import cache_folder
from stages.core.errors import E2epError
from stages.core.log import aside
from stages.core.params import Section
from stages.train.fitting.selection import SplitRows

_MAXRSS_BYTES = 1 if sys.platform == "darwin" else 1024
"""Bytes per unit of ru_maxrss."""


@contextmanager
def recorded_fit(
    model: type, name: str, dataset: str, rows: SplitRows, config: Section, threads: int
) -> Iterator[None]:
    """Record the fit inside, unless it fails; if the record cannot be written, only say so."""
    base, start = _peak_mb(), time.perf_counter()
    yield
    record = FitRecord(
        at=datetime.now(UTC),
        model=name,
        dataset=dataset,
        split=rows.name,
        users=rows.n_users,
        items=rows.n_items,
        ratings=len(rows.train) + len(rows.valid),
        epochs=getattr(config, "epochs", None),
        grows_with=getattr(model, "grows_with", "ratings"),
        settings=_digest(config.model_dump(mode="json")),
        threads=threads,
        seconds=round(time.perf_counter() - start, 3),
        base_mb=round(base, 1),
        peak_mb=round(_peak_mb(), 1),
    )
    try:
        append_fit(cache_folder(), record)
    except (OSError, E2epError) as error:
        aside(f"the time and memory of this fit were not recorded: {error}")


def _peak_mb() -> float:
    """Peak memory of this process so far, in millions of bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _MAXRSS_BYTES / 1e6


def _digest(settings: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()
