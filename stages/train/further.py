"""`python -m stages.train.further`: one model on all of further.splits, in parallel."""

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from stages.contracts.splits import every_split, further
from stages.core.errors import InputError, one_sentence
from stages.core.leftovers import prune
from stages.core.log import logged, progress
from stages.core.params import load_params, load_section
from stages.train.params import CommonParams


@one_sentence
def main(
    model: Annotated[str, typer.Option(help="Name of the model: a file of stages/train/models/.")],
    prepared: Annotated[Path, typer.Option(help="Folder that prepare wrote.")],
    movies: Annotated[Path, typer.Option(help="The movies that enrich wrote.")],
    embedded: Annotated[Path, typer.Option(help="Folder that embed wrote.")],
    out: Annotated[Path, typer.Option(help="Folder for the model, with a folder per split.")],
) -> None:
    """Do for each split what `python -m stages.train` does, one split per core at a time."""
    params, threads = load_params(), load_section("train.common", CommonParams).threads
    splits = further(params).splits
    prune(embedded, [("items", *every_split(params))])
    folders = ("--prepared", str(prepared), "--movies", str(movies), "--embedded", str(embedded))
    commands = {
        split: ("--model", model, "--split", split, *folders, "--out", str(out / split))
        for split in splits
    }
    with logged(f"train {model} further") as counts, _pool(_workers(threads)) as pool:
        fits = {pool.submit(_fault_of, command): split for split, command in commands.items()}
        for fit in progress(as_completed(fits), f"{model}: splits", len(fits)):
            if fault := fit.result():
                raise InputError(f"{model} on {fits[fit]}: {fault}")
        counts["splits"] = len(splits)


@contextmanager
def _pool(workers: int) -> Iterator[ThreadPoolExecutor]:
    """Threads that start no further fit once the caller fails or is stopped."""
    pool = ThreadPoolExecutor(workers)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def _workers(threads: int) -> int:
    cores = (
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    )
    return max(cores // threads, 1)


def _fault_of(arguments: tuple[str, ...]) -> str:
    """Train on one split, in its own process; returns what went wrong, or nothing."""
    command = [sys.executable, "-m", "stages.train", *arguments]
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False)
    if not done.returncode:
        return ""
    last = (done.stderr.strip().splitlines() or [f"the process ended with {done.returncode}"])[-1]
    return last.removeprefix("error: ")


if __name__ == "__main__":
    typer.run(main)
