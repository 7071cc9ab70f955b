"""Why there was no connection to a server, and how long one may take."""

import socket
import ssl
from collections.abc import Iterator

from stages.core.http import Failure
from stages.llm.keys import shown_address

CONNECT_SECONDS = 5.0
"""How long a connection may take, and beforehand the first answer too."""


def absence(error: BaseException, url: str) -> Failure | None:
    """The failure, if this error of an HTTP client means that no connection came about."""
    chain = list(_causes(error))
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
