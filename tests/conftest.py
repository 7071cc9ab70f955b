"""For all tests."""

import os
import signal
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import settings

from tests.llm.server import Server

# A shell that starts the tests in the background makes them ignore Ctrl-C, and the programs that
# they start would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)

# A deadline says how busy the machine is, not whether the code is right.
settings.register_profile("e2ep", deadline=None)
settings.load_profile("e2ep")


@pytest.fixture(autouse=True)
def untouched_environment() -> Iterator[None]:
    """No test sees what the shell or an earlier test has set for `e2ep`, or leaves anything."""
    before = os.environ.copy()
    for name in [name for name in before if name.startswith("E2EP_")]:
        del os.environ[name]
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    """Start a language model's server with a script: a function, or one act after the other."""
    started: list[Server] = []

    def start(*acts: Any) -> Server:
        started.append(Server(acts[0] if callable(acts[0]) else acts))
        return started[-1]

    yield start
    for server in started:
        server.shutdown()
        server.server_close()
