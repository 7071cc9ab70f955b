"""The time and memory of a fit, measured and recorded for `e2ep doctor`."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from stages.contracts.fits import FitRecord, Growth, append_fit, settings_digest
from stages.core.cache import cache_folder
from stages.core.errors import E2epError
from stages.core.log import aside
from stages.core.params import Section
from stages.train.fitting.model import Model
from stages.train.fitting.rows import SplitRows

try:
    import resource
except ImportError:
    # Windows does not say how much memory a process has taken.
    resource = None  # type: ignore[assignment]

_MAXRSS_BYTES = 1 if sys.platform == "darwin" else 1024
"""Bytes per unit of ru_maxrss."""


@dataclass
class Footprint:
    """Seconds, and peak memory in millions of bytes where the system says; of halves, of both."""

    seconds: float = 0.0
    peak_mb: float | None = None

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Count what is done within."""
        start = time.perf_counter()
        _forget_peak()
        yield
        self.seconds += time.perf_counter() - start
        self.peak_mb = max(filter(None, (self.peak_mb, _peak_mb())), default=None)


def fit_record(
    model: Model,
    config: Section,
    name: str,
    params: dict[str, Any],
    rows: SplitRows,
    threads: int,
    footprint: Footprint,
) -> FitRecord:
    """The record of a fit that has just ended; params: the whole of params.yaml."""
    return FitRecord(
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
        seconds=round(footprint.seconds, 3),
        peak_mb=footprint.peak_mb,
    )


def keep_record(record: FitRecord, project: Path | None = None) -> None:
    """Add it to the record of all fits; where that cannot be written, only say so.

    project: the root of its checkout, if that is not the working directory.
    """
    try:
        append_fit(cache_folder(project), record)
    except (OSError, E2epError) as error:
        aside(f"the time and memory of this fit were not recorded: {error}")


def _forget_peak() -> None:
    """Let the peak memory of this process be that from now on, where the system (Linux) can."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def _peak_mb() -> float | None:
    """Peak memory of this process since `_forget_peak`, in millions of bytes."""
    if resource is None:
        return None
    status = Path("/proc/self/status")
    # ru_maxrss begins at what the parent held, and knows no reset.
    lines = status.read_text().splitlines() if status.exists() else []
    peak = next((line for line in lines if line.startswith("VmHWM")), None)
    if peak:
        return round(int(peak.split()[1]) * 1024 / 1e6, 1)
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _MAXRSS_BYTES / 1e6, 1)
