"""A run that is made again is served without a request that fails."""

import threading
from pathlib import Path
from typing import Any

import httpx2
import pytest

from e2ep_cli.runs.alone import working_alone
from e2ep_cli.runs.run import main_run
from tests.cli.serving.conftest import Answers, serving, until, write_candidates
from tests.patience import patient


def first_score(server: Answers) -> float:
    return float(server.get("/recommend", user="u1")["items"][0]["score"])


def test_a_newer_run_is_picked_up(server: Answers, run_folder: Path) -> None:
    assert first_score(server) == 10
    write_candidates(run_folder, 2.0)
    until(lambda: first_score(server) == 20)
    assert server.get("/health")["reloads"] == 1


def test_requests_under_way_and_new_ones_are_all_answered(
    server: Answers, run_folder: Path
) -> None:
    """Two clients ask all the time while the run is made again three times."""
    statuses: list[int] = []
    over = threading.Event()

    def ask() -> None:
        with httpx2.Client(base_url=server.address, timeout=patient(20)) as client:
            while not over.is_set():
                statuses.append(client.get("/recommend?user=u1").status_code)
                body = {"liked": ["heat"], "k": 3}
                statuses.append(client.post("/explain", json=body).status_code)

    asking = [threading.Thread(target=ask) for _ in range(2)]
    for thread in asking:
        thread.start()
    for factor in (2.0, 3.0, 4.0):
        write_candidates(run_folder, factor)
        until(lambda score=10 * factor: first_score(server) == score)  # type: ignore[misc]
    over.set()
    for thread in asking:
        thread.join()
    assert len(statuses) > 6
    assert set(statuses) == {200}


def test_nothing_is_read_while_e2ep_run_is_at_work(server: Answers, run_folder: Path) -> None:
    server.served.stop()
    with working_alone(main_run(run_folder)):
        write_candidates(run_folder, 2.0)
        assert not server.served.look()
    assert first_score(server) == 10
    assert server.served.look()
    assert first_score(server) == 20


def test_a_run_that_cannot_be_read_is_left_and_the_old_one_served(
    server: Answers, run_folder: Path
) -> None:
    server.served.stop()
    path = run_folder / "artifacts/tiny/train/fold-1/e2ep/candidates.parquet"
    whole = path.read_bytes()
    path.unlink()
    path.write_bytes(b"half of it")
    assert not server.served.look()
    assert first_score(server) == 10
    path.unlink()
    path.write_bytes(whole)
    assert server.served.look()
    assert first_score(server) == 10


@pytest.mark.usefixtures("run_folder")
def test_a_run_without_lists_is_not_served(run_folder: Path) -> None:
    import shutil

    from stages.core.errors import InputError

    shutil.rmtree(run_folder / "artifacts/tiny/train")
    with pytest.raises(InputError, match="has no model"), serving():
        pass


def test_weights_are_mapped_and_not_copied(server: Answers) -> None:
    """Whoever holds the view of a file holds no memory of their own."""
    arrays: Any = next(iter(server.served.current.weights.values()))
    tensor = arrays.get_tensor("linear")
    while tensor.base is not None and not hasattr(tensor, "_mmap"):
        tensor = tensor.base
    assert not arrays.get_tensor("linear").flags.owndata
    assert not arrays.get_tensor("linear").flags.writeable
