"""How long does a list take under load, and how does that compare with Cornac's server?

    python benchmarks/serve.py [--dataset ml-1m] [--rate 50] [--seconds 60] [--reload 0]

`e2ep serve` runs on one core and a load generator on another (benchmarks/serving/load.py): so many
requests a second, half of them lists of users, half of newcomers who name five items, each with a
list of ten. Then reasons for newcomers alone. Cornac's Flask server does the same for users with
the same vectors (a product of users and items, what was rated left out); it knows no newcomers. A
time is from when a request was due until its answer was there. With --reload N the run is put in
place again every N seconds, as a newer one. `ratios.p95_to_limit` is p95 of lists ÷ 50 ms,
`ratios.p95_to_peer` p95 of users' lists ÷ Cornac's.

It needs the extra `serve`, a run (`e2ep run --dataset ml-1m`) and, for the peer, its packages.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from machine import machine, versions
from serving.environments import free_port, last_line, made, stop
from serving.load import quantile

from e2ep_cli.reading.choice import RankingChoice, choose_ranking, shown_run
from e2ep_cli.reading.store import DISK
from stages.contracts.rows import RATINGS, USERS
from stages.core.errors import InputError, one_sentence
from stages.core.files import write_json
from stages.core.tables import read_arrays, read_json

HERE = Path(__file__).parent
RESULT = HERE / "results" / "serve.json"
ENVS = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "e2ep" / "servers"
PEER = ("cornac==3.0.1", "flask==3.1.3")
LIMIT = 0.050
"""Seconds."""
NAMED, LISTED = 5, 10
"""Items that a newcomer names, and items listed."""
PACKAGES = ("fastapi", "uvicorn", "mcp", "numpy", "pyarrow")


@one_sentence
def main(
    dataset: Annotated[str | None, typer.Option(help="Whose run is served.")] = None,
    rate: Annotated[float, typer.Option(help="Requests per second.")] = 50.0,
    seconds: Annotated[float, typer.Option(help="How long each load lasts.")] = 60.0,
    reload: Annotated[float, typer.Option(help="Seconds between two newer runs; 0 for none.")] = 0,
    peer: Annotated[bool, typer.Option("--peer/--no-peer", help="Cornac's server too.")] = True,
    envs: Annotated[Path, typer.Option(help="Folder for the peer's packages.")] = ENVS,
    out: Annotated[Path, typer.Option(help="File for the result.")] = RESULT,
) -> None:
    """Measure one data set; the result is added to those of other sets."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    choice = choose_ranking(shown_run(dataset, None, None), None, None, "none")
    asked = requests(choice)
    users = [one for one in asked if one["name"] == "user"]
    lists = [one for one in asked if one["name"] != "reasons"]
    reasons = [one for one in asked if one["name"] == "reasons"]
    found: dict[str, Any] = {
        "users": choice.store.table(choice.path("prepare") / "users.parquet", USERS).num_rows,
        "items": len(DISK.items(choice.path("enrich"))),
        "rate": rate,
        "seconds": seconds,
    }
    with tempfile.TemporaryDirectory() as folder, e2ep_server(choice, Path(folder)) as server:
        found["ours"] = {"start_seconds": server.start_seconds, "memory_mb": server.memory()}
        with newer_runs(choice, reload):
            found["ours"] |= load(server, lists, seconds, rate)
        found["ours"]["reasons"] = load(server, reasons, min(seconds, 30), rate)["all"]
        found["ours"]["users_alone"] = load(server, users, min(seconds, 30), rate)["all"]
        found["ours"]["memory_after_mb"] = server.memory()
        health = json.loads(urllib.request.urlopen(f"{server.address}/health").read())
        found["ours"]["reloads"] = health["reloads"]
    ratios = {"p95_to_limit": round(found["ours"]["all"]["p95_ms"] / (1000 * LIMIT), 3)}
    if peer:
        with (
            tempfile.TemporaryDirectory() as folder,
            cornac_server(choice, envs.absolute(), Path(folder)) as server,
        ):
            of_peer = [one | {"path": one["peer"]} for one in users]
            found["peer"] = {"name": PEER[0], "memory_mb": server.memory()}
            found["peer"]["users_alone"] = load(server, of_peer, min(seconds, 30), rate)["all"]
        own, other = (found[side]["users_alone"]["p95_ms"] for side in ("ours", "peer"))
        ratios["p95_to_peer"] = round(own / other, 3)
    before = read_json(out) if out.is_file() else {"sets": {}}
    result = {
        "machine": machine(),
        "versions": versions(PACKAGES),
        "sets": before["sets"] | {choice.dataset: found | {"ratios": ratios}},
    }
    write_json(out, result)
    print(json.dumps(result["sets"][choice.dataset], indent=1))


def requests(choice: RankingChoice, number: int = 400) -> list[dict[str, Any]]:
    """Users in turn, and newcomers who name items that one of them liked."""
    ids = choice.store.table(choice.path("prepare") / "users.parquet", USERS)["user_id"].to_pylist()
    items = [item.item_id for item in DISK.items(choice.path("enrich"))]
    train = choice.path("prepare") / "splits" / choice.split / "train.parquet"
    draw, made_up = np.random.default_rng(7), list[dict[str, Any]]()
    for row in draw.integers(1, len(ids), number).tolist():
        path = f"/recommend?user={ids[row]}&k={LISTED}"
        theirs = f"/recommend?uid={row}&k={LISTED}&remove_seen=true"
        made_up.append({"name": "user", "method": "GET", "path": path, "peer": theirs})
        liked = DISK.table(train, RATINGS, row)["item_row"].to_pylist()[-NAMED:]
        body = json.dumps({"liked": [items[item] for item in liked] or items[:1], "k": LISTED})
        for name, where in (("newcomer", "/recommend"), ("reasons", "/explain")):
            made_up.append({"name": name, "method": "POST", "path": where, "body": body})
    return made_up


def load(
    server: "Server", asked: Sequence[dict[str, Any]], seconds: float, rate: float
) -> dict[str, Any]:
    """Milliseconds by kind of request, how many failed, and the server's own work for each.

    Other programs of the machine move the times, but hardly the work.
    """
    # The first requests fill what is made when it is first needed.
    _sent(server.address, asked, 2, rate)
    before = server.cpu_seconds()
    results = _sent(server.address, asked, seconds, rate)
    work = 1000 * (server.cpu_seconds() - before) / len(results)
    kinds = dict.fromkeys(name for name, *_ in results)
    said = {kind: _times([one for one in results if one[0] == kind]) for kind in kinds}
    return said | {"all": _times(results) | {"cpu_ms": round(work, 2)}}


def _sent(
    address: str, asked: Sequence[dict[str, Any]], seconds: float, rate: float
) -> list[tuple[str, float, int]]:
    command = [sys.executable, str(HERE / "serving/load.py"), address, str(seconds), str(rate)]
    done = subprocess.run(
        command,
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=lambda: _on_core(-1),
    )
    return [tuple(one) for one in json.loads(done.stdout)]


def _times(results: Sequence[tuple[str, float, int]]) -> dict[str, float]:
    times = [1000 * seconds for _, seconds, _ in results]
    return {
        "requests": len(results),
        "failed": sum(status != 200 for *_, status in results),
        **{f"p{share}_ms": round(quantile(times, share / 100), 2) for share in (50, 95, 99)},
        "longest_ms": round(max(times), 2),
    }


def _on_core(which: int) -> None:
    """Bind this process to one core: the first, or the last where there are several."""
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[which]})


class Server:
    """A server that answers."""

    def __init__(self, process: subprocess.Popen[bytes], address: str, start: float) -> None:
        self.process, self.address = process, address
        self.start_seconds = round(time.perf_counter() - start, 1)

    def cpu_seconds(self) -> float:
        """What its threads have worked so far."""
        words = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").split()
        return (int(words[13]) + int(words[14])) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> dict[str, float]:
        """What it holds, and how much of that is its own alone: not shared, as mapped files are."""
        rollup = Path(f"/proc/{self.process.pid}/smaps_rollup").read_text(encoding="ascii")
        kilobytes = {line.split(":")[0]: int(line.split()[1]) for line in rollup.splitlines()[1:]}
        own = kilobytes["Private_Clean"] + kilobytes["Private_Dirty"]
        return {"resident": round(kilobytes["Rss"] / 1024, 1), "own": round(own / 1024, 1)}


@contextmanager
def _server(
    command: list[str], health: str, folder: Path, variables: dict[str, str] | None = None
) -> Iterator[Server]:
    """A server on the first core, stopped whatever happens."""
    log, start = folder / "log", time.perf_counter()
    address = health.rpartition("/")[0]
    with log.open("w", encoding="utf-8") as out:
        process = subprocess.Popen(
            command,
            stdout=out,
            stderr=subprocess.STDOUT,
            env=os.environ | (variables or {}),
            cwd=folder if variables else None,
            start_new_session=True,
            preexec_fn=lambda: _on_core(0),
        )
        try:
            while time.perf_counter() - start < 240:
                if process.poll() is not None:
                    raise InputError(f"the server ended at once: {last_line(log)}")
                with suppress(OSError), urllib.request.urlopen(health, timeout=5):
                    break
                time.sleep(0.1)
            else:
                raise InputError(f"the server gave no answer: {last_line(log)}")
            yield Server(process, address, start)
        finally:
            stop(process)


@contextmanager
def e2ep_server(choice: RankingChoice, folder: Path) -> Iterator[Server]:
    """`e2ep serve` with one worker and without a rate limit."""
    port = free_port()
    program = "import sys; from e2ep_cli.main import app; app(sys.argv[1:])"
    options = ["--run", choice.run.name, "--port", str(port), "--rate", "0"]
    command = [sys.executable, "-c", program, "serve", *options]
    with _server(command, f"http://127.0.0.1:{port}/health", folder) as server:
        yield server


@contextmanager
def cornac_server(choice: RankingChoice, envs: Path, folder: Path) -> Iterator[Server]:
    """Cornac's Flask server, as its documentation starts it, with the vectors of e2ep."""
    programs = made(envs, PEER)
    weights = read_arrays(choice.path("train") / "weights.safetensors")
    train = choice.path("prepare") / "splits" / choice.split / "train.parquet"
    rated = choice.store.table(train, RATINGS)
    user, item = (rated[f"{name}_row"].to_numpy() for name in ("user", "item"))
    np.savez(
        folder / "vectors.npz",
        users=weights["refined"],
        items=weights["items"],
        user=user,
        item=item,
    )
    build = [str(programs / "python"), str(HERE / "serving/cornac_model.py")]
    subprocess.run([*build, str(folder / "vectors.npz"), str(folder)], check=True)
    port = free_port()
    variables = {
        "FLASK_APP": "cornac.serving.app",
        "MODEL_PATH": str(folder / "MF"),
        "MODEL_CLASS": "cornac.models.MF",
        "PYTHONPATH": "",
    }
    command = [str(programs / "flask"), "run", "--port", str(port)]
    health = f"http://127.0.0.1:{port}/recommend?uid=1&k=1"
    with _server(command, health, folder, variables) as server:
        yield server


@contextmanager
def newer_runs(choice: RankingChoice, every: float) -> Iterator[None]:
    """Put a file of the run in place again every so many seconds, as a newer run does."""
    over, path = threading.Event(), choice.path("train") / "candidates.parquet"

    def replace() -> None:
        while not over.wait(every):
            copy = path.with_suffix(".copy")
            copy.write_bytes(path.read_bytes())
            copy.replace(path)

    thread = threading.Thread(target=replace, daemon=True)
    if every:
        thread.start()
    yield
    over.set()
    if every:
        thread.join()


if __name__ == "__main__":
    typer.run(main)
