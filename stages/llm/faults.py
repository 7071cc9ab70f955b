"""What a server's status means: a fault that may pass, one that stays, or the end of the run."""

import math
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

from stages.core.errors import InputError
from stages.llm.chat import Fault

PASSING = {408, 409, 425, 429}
HOPELESS = {
    401: "the server does not accept the key in {key} (HTTP 401); check it, or set llm.provider to offline",
    403: "the server forbids the use of {model} with the key in {key} (HTTP 403); check both, or set llm.provider to "
    "offline",
    404: "the server does not know the model {model} or the address (HTTP 404); check llm.model and llm.base_url",
}
NO_QUOTA = "the account of {key} has no quota left (HTTP 429); top it up, every answer so far is kept, then run again"

NO_BATCHES = (
    "{provider}'s address knows no batches or not the model (HTTP 404); set llm.mode to online"
)


def fault_of(status: int, headers: Mapping[str, str]) -> Fault:
    """The fault of an HTTP status."""
    passing = status in PASSING or status >= 500
    wait = retry_after(headers, time.time()) if passing else None
    return Fault(reason=f"HTTP {status}", passing=passing, retry_after=wait, crowded=status == 429)


def end_if_hopeless(status: int, model: str, key: str) -> None:
    """Raise an InputError where no attempt of this run can succeed; `key` is the name of a variable."""
    if status in HOPELESS:
        raise InputError(HOPELESS[status].format(model=model, key=key)) from None


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds, from `retry-after-ms`, or `retry-after` in seconds or as a date; None where it says nothing usable."""
    try:
        if "retry-after-ms" in headers:
            return _finite(max(0.0, float(headers["retry-after-ms"]) / 1000))
        said = headers.get("retry-after", "").strip()
        if said.replace(".", "", 1).isdigit():
            return _finite(float(said))
        return max(0.0, parsedate_to_datetime(said).timestamp() - now) if said else None
    except (ValueError, TypeError, OverflowError):
        return None


def _finite(seconds: float) -> float | None:
    return seconds if math.isfinite(seconds) else None
