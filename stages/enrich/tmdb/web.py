"""One GET from TMDB, with patient retries. No message contains the key, and urllib logs none."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from http.client import HTTPException, HTTPResponse
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import (
    HTTPRedirectHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    build_opener,
)

from pydantic import SecretStr

from stages.core.addresses import is_local
from stages.core.errors import E2epError, InputError
from stages.core.http import Backoff, Failure, failure_of
from stages.core.log import SEEN, waiting
from stages.core.masking import Mask
from stages.core.reading import json_object
from stages.enrich.params import TmdbParams
from stages.enrich.tmdb.pace import Pace

_MOST_BYTES = 4_000_000
_HEADERS = {"Accept": "application/json", "User-Agent": "e2ep"}
"""urllib's own user agent would name the version of Python."""
_REFUSED = frozenset({401, 403})


class TmdbError(E2epError):
    """TMDB gave no usable answer to one question."""


class _Stay(HTTPRedirectHandler):
    """Follows no redirect: questions go to the address that was named."""

    def redirect_request(self, *_: Any) -> None:
        return None


@dataclass(frozen=True)
class Web:
    """The API at `params.base_url`; a local one is asked without a proxy."""

    params: TmdbParams
    key: SecretStr
    pace: Pace

    def get(self, path: str, query: Mapping[str, str]) -> dict[str, Any] | None:
        """The JSON object, or None where TMDB has no such thing (404).

        A TmdbError after the last attempt, a BusyError if TMDB asks for too long a wait.
        """
        backoff, clock = Backoff(self.params.attempts), self.pace.clock
        attempt = 1
        while True:
            self.pace.wait()
            answer = self._attempt(path, query)
            if not isinstance(answer, Failure):
                return answer
            if not answer.passing or attempt == backoff.attempts:
                plural = "s" if attempt > 1 else ""
                raise TmdbError(
                    f"TMDB did not answer /{path} after {attempt} attempt{plural}: {answer.reason}"
                )
            pause = backoff.pause("TMDB", answer, attempt, clock.draw())
            if pause >= SEEN:
                waiting(f"TMDB ({answer.reason})", pause)
            clock.sleep(pause)
            attempt += 1

    @cached_property
    def _opener(self) -> OpenerDirector:
        direct = [ProxyHandler({})] if is_local(self.params.base_url) else []
        return build_opener(_Stay, *direct)

    def _read(self, reply: HTTPResponse) -> bytes:
        """The body; a TimeoutError if it takes longer than `timeout`, however slowly it comes."""
        body, end = b"", time.monotonic() + self.params.timeout
        while len(body) < _MOST_BYTES and (part := reply.read1(_MOST_BYTES)):
            body += part
            if time.monotonic() > end:
                raise TimeoutError
        return body

    def _attempt(self, path: str, query: Mapping[str, str]) -> dict[str, Any] | Failure | None:
        secret = self.key.get_secret_value()
        who = {"api_key": secret} if secret else {}
        url = f"{self.params.base_url}/{path}?{urlencode({**query, **who})}"
        request = Request(url, headers=_HEADERS)
        try:
            with self._opener.open(request, timeout=self.params.timeout) as reply:
                text = self._read(reply).decode("utf-8")
        except HTTPError as error:
            with error:
                status, headers = error.code, error.headers
        except (OSError, HTTPException, ValueError) as error:
            reason = f"the connection failed ({type(error).__name__})"
            return Failure(reason=reason, passing=True)
        else:
            text = Mask([secret]).text(text)
            not_json = Failure(reason="the answer is not a JSON object", passing=True)
            value = json_object(text)
            return not_json if value is None else value
        if status in _REFUSED:
            raise InputError(
                f"TMDB refuses the key in {self.params.key_variable} (HTTP {status}); it must be "
                "an API key (v3 auth) from themoviedb.org/settings/api; or set enrich.source to "
                "none, which needs no key"
            )
        return None if status == 404 else failure_of(status, headers)
