"""Parts spread over a Ray cluster; Ray is imported inside, as it is an extra.

Bounded in flight by `ray.wait`, shared values put once: the habit of lkpy's `parallel/ray.py`.
"""

import logging
import os
import platform
import shutil
import socket
import sys
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from stages.core.errors import InputError, LostError
from stages.core.parcels import LATER, result_or_error
from stages.core.variants import ROOT

PACKAGES = [
    "numpy",
    "scipy",
    "pandas",
    "pyarrow",
    "pydantic",
    "scikit-learn",
    "threadpoolctl",
    "torch",
    "implicit",
    "optuna",
]
"""Whose versions must be equal on all nodes: they decide the bytes of a result."""
_RUNS = 3
"""How often a part is run again if its node or its process was lost."""
_LOOK = 5.0
"""Seconds within which a cluster answers, and after which its nodes are counted again."""


def spread_on_cluster(
    address: str,
    function: Callable[..., Any],
    parts: Iterable[Any],
    threads: int,
    memory: int,
    shared: Mapping[str, Any],
    at_once: int | None,
) -> Generator[tuple[int, Any], None, None]:
    """See `spread`. What was lost with a node is run again on another one."""
    ray = ray_connected(address)
    demand = {"num_cpus": threads} | ({"memory": memory} if memory else {})
    task = ray.remote(result_or_error).options(**demand, max_retries=_RUNS)
    put = ray.put(dict(shared))
    waiting, busy, count = iter(parts), dict[Any, int](), 0
    try:
        while True:
            # One more than there is room for, so that no node waits for its next part.
            most = min(_slots(ray, address, threads, memory) + 1, at_once or sys.maxsize)
            while len(busy) < most and (part := next(waiting, LATER)) is not LATER:
                busy[task.remote(function, part, threads, put)] = count
                count += 1
            if not busy:
                return
            ended, _ = ray.wait(list(busy), timeout=_LOOK)
            for ref in ended:
                number = busy.pop(ref)
                with _losses(ray, number):
                    done, value = ray.get(ref)
                if not done:
                    raise value
                yield number, value
    finally:
        for ref in busy:
            ray.cancel(ref, force=True)


def slots_of_cluster(address: str, threads: int, memory: int) -> int:
    """How many parts its nodes can work on at once."""
    return _slots(ray_connected(address), address, threads, memory)


def ray_connected(address: str) -> Any:
    """Ray, connected to the cluster; an InputError if it is not there or is another version."""
    try:
        import ray
    except ImportError:
        raise InputError(
            f"RAY_ADDRESS names the cluster {address}, but Ray is not installed here; "
            "install it with `pip install -e '.[cluster]' -c constraints.txt`, or unset RAY_ADDRESS"
        ) from None
    if ray.is_initialized():
        return ray
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    with _refusals(ray, address), TemporaryDirectory() as folder:
        _require_listener(address)
        # The code travels, the project's data never do. As the nodes' working folder it comes
        # before any other copy that they may have.
        code = Path(folder) / "stages"
        shutil.copytree(ROOT / code.name, code, ignore=shutil.ignore_patterns("__pycache__"))
        ray.init(
            address,
            runtime_env={"working_dir": folder},
            log_to_driver=False,
            logging_level=logging.ERROR,
        )
    try:
        _require_same_versions(ray)
    except BaseException:
        ray.shutdown()
        raise
    return ray


def _require_listener(address: str) -> None:
    """Raise an OSError unless somebody listens there; Ray would try for more than a minute."""
    host, colon, port = address.rpartition(":")
    if colon and port.isdigit() and "/" not in host:
        socket.create_connection((host, int(port)), timeout=_LOOK).close()


@contextmanager
def _refusals(ray: Any, address: str) -> Iterator[None]:
    """Say in one sentence why there is no connection."""
    try:
        yield
    except (ConnectionError, ray.exceptions.AuthenticationError) as error:
        raise InputError(
            f"no Ray cluster at {address} lets this machine in; start one with `ray start --head`, "
            "correct --cluster or RAY_ADDRESS, or give both RAY_AUTH_MODE=token and the same token "
            "in ~/.ray/auth_token or RAY_AUTH_TOKEN"
        ) from error
    except OSError as error:
        raise InputError(f"cannot reach {address}: {error}; correct --cluster") from error
    except (RuntimeError, ValueError) as error:
        said = " ".join(str(error).split())
        if "ersion mismatch" in said:
            raise InputError(
                f"the cluster at {address} has other versions than this machine: {said}; install "
                "the same Ray and Python on all of them"
            ) from error
        raise InputError(f"Ray does not connect to {address}: {said}") from error


def versions_here(packages: Iterable[str]) -> dict[str, str]:
    """Of Python and of packages, `none` where one is not installed."""
    versions = {"Python": platform.python_version()}
    for name in packages:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            versions[name] = "none"
    return versions


def _require_same_versions(ray: Any) -> None:
    """Compare the packages of every node with those of this machine."""
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    own = versions_here(PACKAGES)
    task = ray.remote(versions_here)
    asked = {
        task.options(
            num_cpus=0,
            scheduling_strategy=NodeAffinitySchedulingStrategy(node["NodeID"], soft=False),
        ).remote(PACKAGES): node["NodeManagerAddress"]
        for node in _nodes(ray)
    }
    for ref, where in asked.items():
        try:
            theirs = ray.get(ref)
        except ray.exceptions.TaskUnschedulableError:  # the node has left in the meantime
            continue
        except ray.exceptions.RayError as error:
            raise LostError(
                f"node {where} of the cluster cannot run our code: "
                f"{str(error).strip().splitlines()[-1]}"
            ) from error
        for name, number in own.items():
            if theirs[name] != number:
                raise InputError(
                    f"node {where} has {name} {theirs[name]}, this machine {number}, so results "
                    "could differ; install the same with -c constraints.txt"
                )


def _nodes(ray: Any) -> list[dict[str, Any]]:
    return [node for node in ray.nodes() if node["Alive"] and node["Resources"].get("CPU")]


def _slots(ray: Any, address: str, threads: int, memory: int) -> int:
    """How many parts fit on the nodes; an InputError if none does, as Ray would wait for ever."""
    sizes = [
        (int(node["Resources"]["CPU"]), int(node["Resources"].get("memory", 0)))
        for node in _nodes(ray)
    ]
    fits = [min(cpus // threads, has // memory if memory else cpus) for cpus, has in sizes]
    if not sum(fits):
        each = ", ".join(f"{cpus} CPUs and {has / 1e9:.1f} GB" for cpus, has in sizes) or "no node"
        needs = f"{threads} CPUs" + (f" and {memory / 1e9:.1f} GB" if memory else "")
        raise InputError(
            f"a part needs {needs} on one node, but the cluster at {address} has {each}; lower "
            "train.common.threads or add a larger node"
        )
    return sum(fits)


@contextmanager
def _losses(ray: Any, number: int) -> Iterator[None]:
    """Say in one sentence what was lost for good."""
    try:
        yield
    except ray.exceptions.RayError as error:
        said = str(error).strip().splitlines()
        raise LostError(
            f"part {number + 1} was lost with its node or process {_RUNS + 1} times: "
            f"{said[0] if said else type(error).__name__}; run it with more memory, or on other "
            "nodes"
        ) from error
