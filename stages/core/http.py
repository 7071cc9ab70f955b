"""Asking a server again: which failures are temporary, what Retry-After says, how long to wait."""

import math
import time
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict

from stages.core.errors import E2epError

PASSING = {408, 409, 425, 429}
"""HTTP statuses below 500 after which the same request may succeed later."""


class BusyError(E2epError):
    """A server asks a run to wait longer than it should."""


class Failure(BaseModel):
    """Why an attempt failed, in our own words: a server's words may repeat the key."""

    model_config = ConfigDict(frozen=True)

    reason: str
    passing: bool
    """Whether the failure may be temporary, so that the same attempt may succeed later."""
    retry_after: float | None = None
    """Seconds that the server asks every client to wait; 0 is at once, by our own decision."""
    crowded: bool = False
    """Whether the server rejected the attempt because there are too many."""
    billed: bool = False
    """Whether the server may have answered and may charge for it, though nothing usable arrived."""
    absent: bool = False
    """Whether there was no connection at all: the address is wrong, or the server is down."""
    cure: str = ""
    """What to set so that the same question may be answered, if that is known."""


class Headers(Protocol):
    """Headers of an answer, looked up by lower-case name."""

    def get(self, name: str, /) -> Any:
        """The value, or None."""


def failure_of(status: int, headers: Headers) -> Failure:
    """The failure that an HTTP status stands for."""
    passing = status in PASSING or status >= 500
    # A server that asks for no wait at all is given the usual one: it would be hammered.
    wait = retry_after(headers, time.time()) or None if passing else None
    return Failure(
        reason=f"HTTP {status}", passing=passing, retry_after=wait, crowded=status == 429
    )


def retry_after(headers: Headers, now: float) -> float | None:
    """Seconds to wait by ``Retry-After`` (RFC 9110, 10.2.3) or OpenAI's ``retry-after-ms``.

    Retry-After is a number of seconds, which may have a fraction, or a date; `now` is Unix time.
    None if there is neither, or nothing readable.
    """
    try:
        if (milliseconds := headers.get("retry-after-ms")) is not None:
            seconds = max(0.0, float(milliseconds) / 1000)
        elif (text := (headers.get("retry-after") or "").strip()).replace(".", "", 1).isdigit():
            seconds = float(text)
        else:
            date = parsedate_to_datetime(text)
            dated = date if date.tzinfo else date.replace(tzinfo=UTC)
            seconds = max(0.0, dated.timestamp() - now)
    except (ValueError, TypeError, OverflowError):
        return None
    return seconds if math.isfinite(seconds) else None


@dataclass(frozen=True)
class Backoff:
    """How often to try, and how long to wait: as long as the server asks, or with full jitter.

    Full jitter is a uniform draw from 0 … min(longest, first · 2ⁿ⁻¹) seconds after attempt n:
    Marc Brooker, "Exponential Backoff And Jitter" (AWS Architecture Blog, 2015).
    """

    attempts: int = 8
    first: float = 1.0
    longest: float = 60.0
    patience: float = 600.0
    """The longest wait that a server may ask for."""

    def delay(self, attempt: int, draw: float) -> float:
        """Seconds to wait after attempt number `attempt`, from 1; `draw` is uniform on 0 … 1."""
        return draw * min(self.longest, self.first * 2 ** (attempt - 1))

    def pause(self, server: str, failure: Failure, attempt: int, draw: float) -> float:
        """Seconds until the next attempt; a BusyError if the server asks for too long a wait.

        A server that asks for less than `first` seconds does not shorten the usual wait.
        """
        wait = failure.retry_after
        if wait is None or 0 < wait < self.first:
            return max(wait or 0, self.delay(attempt, draw))
        if wait > self.patience:
            raise BusyError(
                f"{server} asks to wait {wait:,.0f} s ({failure.reason}); every answer so far is "
                "kept, so run the same command again after that"
            )
        return wait
