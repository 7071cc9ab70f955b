"""The processes of a server: one, or workers that share a port."""

import io
import os
import socket
import sys
from typing import Any

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from e2ep_cli.serving.settings import SETTINGS, ServeSettings
from stages.core.errors import InputError

_APP = "e2ep_cli.serving.http.process:app_of_worker"
_GRACE = 10
"""Seconds in which requests under way are answered when the server is stopped."""
_CONNECTIONS = 1_000


class TimelyProtocol(H11Protocol):  # type: ignore[misc]
    """Closes a connection on which the head of a request takes too long to arrive."""

    slow = 10.0
    _late: Any = None

    def connection_made(self, transport: Any) -> None:
        """Wait for a head from now on."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Wait for the rest of a head, or no longer."""
        super().data_received(data)
        if self.conn.their_state is h11.IDLE:
            self._wait()
        elif self._late is not None:
            self._late.cancel()
            self._late = None

    def _wait(self) -> None:
        if self._late is None:
            self._late = self.loop.call_later(self.slow, self._close)

    def _close(self) -> None:
        self._late = None
        is_idle = self.cycle is None or self.cycle.response_complete
        if is_idle and not self.transport.is_closing():
            self.transport.close()


class PlainStream(io.TextIOWrapper):
    """stderr as a file, so that nobody draws a progress bar on it while requests are answered."""

    def isatty(self) -> bool:
        """Never."""
        return False


def app_of_worker() -> Any:
    """The application of a worker, read in its own process."""
    from e2ep_cli.serving.http.app import app_from_environment

    plain_stderr()
    return app_from_environment()


def plain_stderr() -> None:
    """Let stderr be no terminal."""
    sys.stderr = PlainStream(io.FileIO(os.dup(2), "w"), line_buffering=True, errors="replace")


def serve_http(settings: ServeSettings, said: Any) -> None:
    """Serve until stopped; said: called with the address when the port is taken."""
    os.environ[SETTINGS] = settings.model_dump_json()
    listening = _listening(settings)
    TimelyProtocol.slow = settings.slow
    config = uvicorn.Config(
        _APP,
        factory=True,
        http=TimelyProtocol,
        ws="none",
        workers=settings.workers,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=_CONNECTIONS,
        timeout_graceful_shutdown=_GRACE,
        timeout_worker_healthcheck=60,
    )
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    said(f"http://{host}:{listening.getsockname()[1]}/")
    if settings.workers == 1:
        uvicorn.Server(config).run(sockets=[listening])
    else:
        from uvicorn.supervisors import Multiprocess

        Multiprocess(config, sockets=[listening]).run()


def _listening(settings: ServeSettings) -> socket.socket:
    """A socket on the port, or an InputError."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
    except (OSError, OverflowError) as error:
        listening.close()
        raise InputError(
            f"port {settings.port} of {settings.host} cannot be used ({error}); "
            "name another one with --port, or 0 for any that is free"
        ) from error
    listening.listen(128)
    listening.set_inheritable(True)
    return listening
