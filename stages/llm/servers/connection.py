"""Why nothing usable came back from a server, and how long a connection may take."""

import socket
import ssl
from collections.abc import Iterator

from stages.core.addresses import shown_address
from stages.core.errors import E2epError
from stages.core.http import Failure

CONNECT_SECONDS = 5.0
"""How long a connection may take, and beforehand the first answer too."""


class UnusableError(Exception):
    """An answer that is not read, and why."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.reason)
        self.failure = failure


def known_failure(error: BaseException, url: str) -> Failure | None:
    """The failure behind an error of an HTTP client, if it has a name of ours.

    No connection came about, or the answer is not one to be read. An E2epError behind it is raised.
    """
    chain = list(_causes(error))
    for cause in chain:
        if isinstance(cause, E2epError):
            raise cause
        if isinstance(cause, UnusableError):
            return cause.failure
    names = [type(cause).__name__ for cause in chain]
    if "ConnectTimeout" in names:
        why = f"no connection within {CONNECT_SECONDS:g} s"
    elif "ConnectError" in names:
        why = next(filter(None, map(_words, reversed(chain))), "no connection")
    else:
        return None
    return Failure(reason=f"no server at {shown_address(url)} ({why})", passing=True, absent=True)


def _words(cause: BaseException) -> str:
    if isinstance(cause, socket.gaierror):
        return "unknown host"
    if isinstance(cause, ssl.SSLError):
        return "no secure connection"
    return "connection refused" if isinstance(cause, ConnectionRefusedError) else ""


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error, and everything that it was raised from."""
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):  # one for each address of a name
            for one in error.exceptions:
                yield from _causes(one)
        error = error.__cause__ or error.__context__
