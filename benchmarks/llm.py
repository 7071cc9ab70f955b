"""How close to the ideal is the language-model seam, and does `pairwise` take few rounds?

    python benchmarks/llm.py [--users 943] [--runs 3] [--out FILE]

A server that answers after 200 ms (serving/fixed_latency.py, in its own process), 32 attempts in
flight, the official client and the whole seam: cache, ledger, budget, retry, deadline. The ideal is
calls × 0.2 s / 32. `pairwise` has one user at a time; its rounds, at best as many as its tree is
deep, are the waves that the server saw. Films and users are made up. A quick look: --users 100
--runs 1 --out /dev/null.
"""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Annotated

import typer
from machine import machine, peak_mb, versions
from made_up import Case, case, catalogue, people, title
from serving.fixed_latency import worth

from stages.core.errors import one_sentence
from stages.core.files import write_json
from stages.llm.params import LlmParams
from stages.llm.providers import connected
from stages.rerank.pools import Bench, judged
from stages.rerank.strategies import pairwise, scored
from stages.rerank.strategy import Strategy

RESULT = Path(__file__).parent / "results" / "llm.json"
LATENCY, WIDTH, SEED = 0.2, 32, 7
PACKAGES = ("openai", "httpx2", "httpcore2", "pydantic", "numpy", "pandas")


@one_sentence
def main(
    users: Annotated[int, typer.Option(min=1, help="Users whose candidates are scored.")] = 943,
    runs: Annotated[int, typer.Option(min=1, help="Runs of `scored`; the median counts.")] = 3,
    trees: Annotated[
        int, typer.Option(min=1, help="Users of `pairwise`, one after the other.")
    ] = 5,
    out: Annotated[Path, typer.Option(help="File for the result.")] = RESULT,
) -> None:
    """Measure both."""
    found = [scored_run(users) for _ in range(runs)]
    ratio = median(run["throughput_to_ideal"] for run in found)
    rounds = [pairwise_run(user) for user in range(trees)]
    result = {
        "machine": machine(),
        "versions": versions(PACKAGES),
        "latency_s": LATENCY,
        "in_flight": WIDTH,
        "scored": {"rows": users, "runs": found},
        "pairwise": rounds,
        "peak_mb": peak_mb(),
        "ratios": {"throughput_to_ideal": ratio},
    }
    write_json(out, result)
    print(json.dumps(result, indent=1))


def scored_run(n_users: int) -> dict[str, float]:
    """Everybody's pool scored, against the ideal."""
    strategy = scored.Scored(scored.Config())
    load, cpu = os.getloadavg()[0], time.process_time()
    seconds, counts = timed(strategy, [case(user, strategy.pool) for user in range(n_users)], WIDTH)
    ideal = counts["questions"] * LATENCY / WIDTH
    return {
        "calls": counts["questions"],
        "seconds": round(seconds, 2),
        "ideal_seconds": round(ideal, 2),
        "calls_per_second": round(counts["questions"] / seconds, 1),
        "throughput_to_ideal": round(ideal / seconds, 4),
        "client_cpu_seconds": round(time.process_time() - cpu, 2),
        "load_before": round(load, 2),
        "load_after": round(os.getloadavg()[0], 2),
    }


def pairwise_run(user: int) -> dict[str, float]:
    """One user's tree: comparisons, its depth, and the rounds that it took."""
    strategy = pairwise.Pairwise(pairwise.Config())
    pool = case(user, strategy.pool)
    seconds, counts = timed(strategy, [pool], WIDTH)
    deep = depth([worth(title(int(row))) for row in pool[1]])
    return {
        "calls": counts["questions"],
        "depth": deep,
        "rounds": counts["waves"],
        "seconds": round(seconds, 2),
    }


def depth(worths: Sequence[int]) -> int:
    """Levels with a comparison of the search tree whose every root is the middle of its films."""
    if len(worths) < 2:
        return 0
    root = len(worths) // 2
    others = [*worths[:root], *worths[root + 1 :]]
    better, worse = ([w for w in others if (w > worths[root]) is side] for side in (True, False))
    return 1 + max(depth(better), depth(worse))


def timed(strategy: Strategy, cases: Sequence[Case], width: int) -> tuple[float, dict[str, int]]:
    """Seconds from an empty cache to the last answer, and what the server counted."""
    films, users = catalogue(), people(max(user for user, _ in cases) + 1)

    async def work(params: LlmParams) -> None:
        async with connected(params) as model:
            await judged(strategy, Bench(model, films, users, SEED, 10), cases, width, "benchmark")

    with served() as url, tempfile.TemporaryDirectory() as folder:
        os.environ["E2EP_CACHE_DIR"] = folder
        start = time.perf_counter()
        llm = LlmParams(
            provider="openai", model="gpt-4o-mini", base_url=f"{url}/v1", concurrency=WIDTH
        )
        asyncio.run(work(llm))
        seconds = time.perf_counter() - start
        with urllib.request.urlopen(url) as counts:
            return seconds, json.load(counts)


@contextmanager
def served() -> Iterator[str]:
    """The address of a new server."""
    script = Path(__file__).parent / "serving" / "fixed_latency.py"
    command = [sys.executable, str(script), str(LATENCY)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin
        assert process.stdout
        try:
            yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        finally:
            process.stdin.close()


if __name__ == "__main__":
    typer.run(main)
