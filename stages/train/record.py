"""The time and memory of a fit, measured and recorded for `e2ep doctor`."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from stages.contracts.fits import FitRecord, Growth, append_fit, settings_digest
from stages.core.cache import cache_folder
from stages.core.errors import E2epError
from stages.core.log import aside
from stages.core.params import Section
from stages.train.fitting.model import Model
from stages.train.fitting.selection import SplitRows

try:
    import resource
except ImportError:
    # Windows does not say how much memory a process has taken.
    resource = None  # type: ignore[assignment]

_MAXRSS_BYTES = 1 if sys.platform == "darwin" else 1024
"""Bytes per unit of ru_maxrss."""


@contextmanager
def recorded_fit(
    model: Model, config: Section, name: str, params: dict[str, Any], rows: SplitRows, threads: int
) -> Iterator[None]:
    """Record the fit inside, unless it fails; where the record cannot be written, only say so.

    params: the whole of params.yaml.
    """
    start = time.perf_counter()
    yield
    record = FitRecord(
        at=datetime.now(UTC),
        model=name,
        dataset=str(params.get("dataset", "")),
        split=rows.name,
        users=rows.n_users,
        items=rows.n_items,
        ratings=len(rows.train) + len(rows.valid),
        epochs=getattr(config, "epochs", None),
        growth=getattr(model, "growth", Growth()),
        settings=settings_digest((params.get("train") or {}).get(name)),
        threads=threads,
        device=rows.device,
        seconds=round(time.perf_counter() - start, 3),
        peak_mb=_peak_mb(),
    )
    try:
        append_fit(cache_folder(), record)
    except (OSError, E2epError) as error:
        aside(f"the time and memory of this fit were not recorded: {error}")


def _peak_mb() -> float | None:
    """Peak memory of this process so far, in millions of bytes."""
    if resource is None:
        return None
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _MAXRSS_BYTES / 1e6, 1)
