"""One GET from TMDB, tried again with patience. The key is in no message, and urllib logs nothing."""

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import mktime_tz, parsedate_tz
from http.client import HTTPException
from time import time
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from pydantic import SecretStr

from stages.core.errors import E2epError, InputError
from stages.enrich.params import TmdbParams
from stages.enrich.tmdb.pace import Clock, Pace

LARGEST = 4_000_000
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 60.0
AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
REFUSED = frozenset({401, 403})
SHORTEST_KEY = 8


class TmdbError(E2epError):
    """TMDB gave no usable answer to one question."""


@dataclass(frozen=True)
class Fault:
    """Why an attempt failed, if another may help, and how long the server asks to wait."""

    why: str
    again: bool = True
    wait: float | None = None


@dataclass(frozen=True)
class Web:
    """The API at `params.base_url`."""

    params: TmdbParams
    key: SecretStr
    pace: Pace
    clock: Clock
    draw: random.Random

    def get(self, path: str, query: Mapping[str, str]) -> dict[str, Any] | None:
        """The JSON object, None where TMDB has no such thing (404); a TmdbError after the last attempt."""
        for attempt in range(1, self.params.attempts + 1):
            self.pace.wait()
            answer = self._attempt(path, query)
            if not isinstance(answer, Fault):
                return answer
            if not answer.again or attempt == self.params.attempts:
                plural = "s" if attempt > 1 else ""
                raise TmdbError(
                    f"TMDB did not answer /{path} after {attempt} attempt{plural}: {answer.why}"
                )
            self.clock.sleep(self._pause(answer, attempt))
        raise AssertionError("params.attempts is at least 1")

    def _pause(self, fault: Fault, attempt: int) -> float:
        """What the server asks for, else full jitter (AWS, "Exponential Backoff And Jitter")."""
        if fault.wait is not None:
            return min(fault.wait, LONGEST_PAUSE)
        return self.draw.uniform(0, min(FIRST_PAUSE * 2**attempt, LONGEST_PAUSE))

    def _attempt(self, path: str, query: Mapping[str, str]) -> dict[str, Any] | Fault | None:
        secret = self.key.get_secret_value()
        asked = urlencode({**query, "api_key": secret})
        request = Request(
            f"{self.params.base_url}/{path}?{asked}", headers={"Accept": "application/json"}
        )
        try:
            with urlopen(request, timeout=self.params.timeout) as reply:
                text = reply.read(LARGEST).decode("utf-8")
        except HTTPError as error:
            with error:
                status, retry_after = error.code, error.headers.get("Retry-After")
        except (OSError, HTTPException, ValueError) as error:
            return Fault(f"the connection failed ({type(error).__name__})")
        else:
            return _object(text.replace(secret, "…") if len(secret) >= SHORTEST_KEY else text)
        if status in REFUSED:
            raise InputError(
                f"TMDB refuses the key in TMDB_API_KEY (HTTP {status}); it must be an API key (v3 auth) from "
                "themoviedb.org/settings/api, or set enrich.source to none, which needs no key"
            )
        return (
            None
            if status == 404
            else Fault(f"HTTP {status}", status in AGAIN, _seconds(retry_after))
        )


def _object(text: str) -> dict[str, Any] | Fault:
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    return value if isinstance(value, dict) else Fault("the answer is no JSON object")


def _seconds(retry_after: str | None) -> float | None:
    """Retry-After is a number of seconds or a date (RFC 9110, 10.2.3)."""
    if not retry_after:
        return None
    if retry_after.strip().isdigit():
        return float(retry_after)
    date = parsedate_tz(retry_after)
    return max(mktime_tz(date) - time(), 0.0) if date else None
