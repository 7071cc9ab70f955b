"""A function over many parts, on this machine and on a cluster of two nodes: the same contract."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from benchmarks.ray_nodes import RayNodes
from stages.core.errors import InputError, LostError, ParamError
from stages.core.parcels import LATER
from stages.core.spread import slots, slots_here, spread
from tests.core import parts
from tests.patience import patient

ROOT = Path(__file__).parents[2]
HERE_AND_THERE = ["here", pytest.param("cluster", marks=pytest.mark.ray)]


@pytest.fixture(params=HERE_AND_THERE)
def anywhere(request: pytest.FixtureRequest) -> None:
    if request.param == "cluster":
        request.getfixturevalue("cluster")


@pytest.mark.usefixtures("anywhere")
def test_every_part_has_its_result_under_its_number() -> None:
    given = [np.arange(n, dtype=float) for n in (3, 0, 200_000, 1)]
    results = dict(spread(parts.scaled, given, shared={"factor": np.array(2.0)}))
    assert sorted(results) == [0, 1, 2, 3]
    assert all((results[number] == 2 * part).all() for number, part in enumerate(given))


@pytest.mark.usefixtures("anywhere")
@pytest.mark.parametrize("size", [3, 200_000])
def test_code_that_writes_into_what_it_was_given_fails(size: int) -> None:
    with pytest.raises(ValueError, match="read-only"):
        list(spread(parts.written_into, [np.ones(size)]))
    with pytest.raises(ValueError, match="read-only"):
        list(spread(parts.shared_written_into, [np.ones(size)], shared={"factor": np.ones(size)}))


@pytest.mark.usefixtures("anywhere")
def test_results_are_read_only_too() -> None:
    ((_, result),) = spread(parts.scaled, [np.ones(3)], shared={"factor": np.ones(3)})
    assert not result.flags.writeable


@pytest.mark.usefixtures("anywhere")
def test_an_error_of_ours_arrives_as_itself() -> None:
    with pytest.raises(ParamError, match=r"^part 5 is refused$") as caught:
        list(spread(parts.refused, [5]))
    assert type(caught.value) is ParamError


@pytest.mark.usefixtures("anywhere")
def test_a_fault_of_the_code_says_where_in_the_worker() -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        list(spread(parts.divided, [0]))
    assert "return 1 / part" in caught.value.__notes__[0]


@pytest.mark.usefixtures("anywhere")
def test_an_error_that_cannot_be_copied_arrives_as_its_traceback() -> None:
    with pytest.raises(RuntimeError, match="TwoWordsError: some words"):
        list(spread(parts.uncopied, ["some"]))


@pytest.mark.usefixtures("anywhere")
def test_parts_are_taken_only_as_there_is_room() -> None:
    taken: list[int] = []

    def given() -> Iterator[int]:
        for number in range(50):
            taken.append(number)
            yield number

    results = spread(parts.doubled, given())
    next(results)
    assert len(taken) <= slots() + 2
    assert dict(results).keys() | {taken[0]} <= set(range(50))
    assert taken == list(range(50))


@pytest.mark.usefixtures("anywhere")
def test_a_part_can_wait_for_an_earlier_result() -> None:
    done: dict[int, int] = {}

    def given() -> Iterator[object]:
        yield 1
        while 0 not in done:
            yield LATER
        yield done[0] + 5

    for number, result in spread(parts.doubled, given()):
        done[number] = result
    assert done == {0: 2, 1: 14}


@pytest.mark.usefixtures("anywhere")
def test_a_worker_keeps_to_its_threads() -> None:
    assert list(spread(parts.threads, ["blas"])) == [(0, {1})]


@pytest.mark.usefixtures("anywhere")
def test_at_once_bounds_how_many_parts_run(tmp_path: Path) -> None:
    files = [str(tmp_path / name) for name in "ab"]
    results = spread(parts.noted, files, at_once=1)
    next(results)
    assert not Path(files[1]).exists()
    results.close()


def test_a_lost_process_is_one_sentence() -> None:
    with pytest.raises(LostError, match="the process that worked on part 1 ended with -9"):
        list(spread(parts.killed, [signal.SIGKILL]))


def test_less_memory_means_fewer_processes() -> None:
    assert slots_here(1, 0) == slots_here(1, 1)
    assert slots_here(1, 1 << 60) == slots_here(10_000, 0) == 1


DRIVER = """
import sys
from stages.core.spread import spread
from tests.core.parts import slow
if __name__ == "__main__":
    list(spread(slow, sys.argv[1:], at_once=2))
"""


@pytest.mark.usefixtures("anywhere")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_whoever_ends_the_caller_ends_all_that_it_started(
    number: signal.Signals, tmp_path: Path
) -> None:
    script, files = tmp_path / "driver.py", [tmp_path / name for name in "ab"]
    script.write_text(DRIVER)
    path = os.pathsep.join([str(ROOT), *sys.path])
    with subprocess.Popen(
        [sys.executable, str(script), *map(str, files)],
        env=os.environ | {"PYTHONPATH": path},
        stderr=subprocess.DEVNULL,
    ) as driver:
        assert within(lambda: all(file.exists() and file.read_text() for file in files))
        driver.send_signal(number)
    workers = [int(file.read_text()) for file in files]
    assert within(lambda: not any(map(is_alive, workers)))


def within(happens: object, seconds: float = 20) -> bool:
    """Whether it happens soon."""
    assert callable(happens)
    end = time.monotonic() + patient(seconds)
    while not happens():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def is_alive(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


@pytest.mark.ray
@pytest.mark.usefixtures("cluster")
def test_a_lost_process_of_a_cluster_is_replaced(tmp_path: Path) -> None:
    file = str(tmp_path / "there")
    assert list(spread(parts.killed_at_first, [file])) == [(0, file)]


@pytest.mark.ray
def test_a_killed_node_costs_no_result(cluster: RayNodes, tmp_path: Path) -> None:
    """Each part notes itself in a file, so it shows that lost ones, and they alone, ran again."""
    files = [tmp_path / str(number) for number in range(8)]
    results = spread(parts.noted, list(map(str, files)))
    first = next(results)
    cluster.kill(cluster.nodes[-1])
    rest = dict(results) | dict([first])
    assert rest == dict(enumerate(map(str, files)))
    runs = [len(file.read_text().splitlines()) for file in files]
    assert set(runs) <= {1, 2}
    assert runs.count(2) <= 2


@pytest.mark.ray
@pytest.mark.usefixtures("cluster")
def test_a_demand_that_no_node_meets_is_refused_with_what_there_is() -> None:
    with pytest.raises(InputError, match=r"needs 2 CPUs on one node, but .* has 1 CPUs and"):
        next(spread(parts.doubled, [1], threads=2))
    with pytest.raises(InputError, match=r"needs 1 CPUs and 1000000.0 GB on one node"):
        next(spread(parts.doubled, [1], memory=10**15))


@pytest.mark.ray
def test_the_code_travels_to_the_nodes(cluster: RayNodes) -> None:
    ((_, file),) = spread(parts.where, ["stages"])
    assert str(cluster.folder) in file


@pytest.mark.ray
def test_a_node_with_another_version_is_one_sentence(cluster: RayNodes, tmp_path: Path) -> None:
    other = tmp_path / "implicit-0.0.1.dist-info"
    other.mkdir()
    (other / "METADATA").write_text("Metadata-Version: 2.1\nName: implicit\nVersion: 0.0.1\n")
    leave_cluster()
    node = cluster.add(path=str(tmp_path))
    try:
        with pytest.raises(InputError, match=r"has implicit 0\.0\.1, this machine 0\.[1-9]"):
            slots()
    finally:
        cluster.kill(node)


@pytest.mark.ray
def test_who_has_another_token_is_kept_out_and_told(cluster: RayNodes) -> None:
    asks = "from stages.core.spread import slots; slots()"
    path = os.pathsep.join([str(ROOT), *sys.path])
    done = subprocess.run(
        [sys.executable, "-c", asks],
        env=os.environ | {"PYTHONPATH": path, "RAY_AUTH_TOKEN": "0" * 64},
        capture_output=True,
        text=True,
        timeout=patient(60),
    )
    assert done.returncode == 1
    assert "lets this machine in; start one" in done.stderr.splitlines()[-1]
    assert cluster.token not in done.stderr


def leave_cluster() -> None:
    """Whoever asks next connects anew."""
    pytest.importorskip("ray", reason="the extra `cluster` is not installed").shutdown()


def test_an_address_where_nobody_listens_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    leave_cluster()
    monkeypatch.setenv("RAY_ADDRESS", "127.0.0.1:1")
    with pytest.raises(InputError, match=r"no Ray cluster at 127\.0\.0\.1:1 lets this machine in"):
        slots()


def test_without_the_extra_a_cluster_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    monkeypatch.setenv("RAY_ADDRESS", "127.0.0.1:1")
    with pytest.raises(InputError, match="Ray is not installed here; install it with"):
        slots()
