"""For all tests."""

import os
import secrets
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from benchmarks.ray_nodes import RayNodes
from tests.llm.server import Server
from tests.patience import patient

# A shell that starts the tests in the background makes them ignore Ctrl-C, and the programs that
# they start would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)

# For clusters of ours, and before Ray is imported, which reads it once.
os.environ |= {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}

# A deadline says how busy the machine is, not whether the code is right.
settings.register_profile("e2ep", deadline=None)
settings.load_profile("e2ep")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """With `--dist loadgroup`, a file's tests share a process, and all on a cluster share one."""
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            on_cluster = item.get_closest_marker("ray") is not None
            group = "cluster" if on_cluster else item.nodeid.partition("::")[0]
            item.add_marker(pytest.mark.xdist_group(group))


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


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Headless Chromium, driven by Playwright; open for one module, as it holds an event loop."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("Chromium is not installed")
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox"], timeout=1000 * patient(60)
        )
        yield started
        started.close()


@pytest.fixture(scope="session")
def ray_nodes() -> Iterator[RayNodes]:
    """Two Ray nodes of one CPU each, for all tests of this process."""
    pytest.importorskip("ray", reason="the extra `cluster` is not installed")
    # The tests' own functions are found by path; what is in stages travels.
    path = os.pathsep.join([str(Path(__file__).parents[1]), *sys.path])
    with RayNodes(token=os.environ["RAY_AUTH_TOKEN"], modules=path) as nodes:
        nodes.add()
        yield nodes
        sys.modules["ray"].shutdown()


@pytest.fixture
def cluster(ray_nodes: RayNodes) -> RayNodes:
    """The two nodes, as RAY_ADDRESS names them; one that a test has killed is replaced.

    The connection stays for the next test.
    """
    while len(ray_nodes.nodes) < 2:
        ray_nodes.add()
    os.environ.update(ray_nodes.variables)
    return ray_nodes
