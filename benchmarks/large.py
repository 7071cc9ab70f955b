"""Do ratings that are too many for memory go through the pipeline, and in what time?

    python benchmarks/large.py --work FOLDER [--users 1000000] [--items 10000] [--each 100]
        [--set train.e2ep.messages=4000000] [--out FILE]

Makes up ratings as ratings.parquet, then runs the stages on them, each in a process of its own:
prepare, enrich, profile items, a model of counts (popularity), e2ep with one epoch, both with their
candidates of all users, and evaluate. Random vectors stand in for the items' embeddings, and nobody
has a profile. e2ep has one network and no linear part (its matrix is items × items, whatever the
number of ratings), and is not refitted; `settings` has what differs from params.yaml. Steps that
FOLDER holds are not done again, so a run that was stopped continues; 100 million ratings need 20 GB
of disk.

`own_gb` is the most memory that a step's processes held together, without files that are mapped,
which the system may drop at any moment.
"""

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml
from machine import machine, versions
from made_up_set import SPLIT, Shape

from e2ep_cli.project.overrides import changed_params, parsed_settings
from stages.core.errors import one_sentence
from stages.core.files import write_json
from stages.core.tables import read_json

RESULT = Path(__file__).parent / "results" / "large.json"
ROOT = Path(__file__).parents[1]
PACKAGES = ("numpy", "pandas", "pyarrow", "scipy", "torch")
NAME = "made-up"
SETTINGS = (
    f"dataset={NAME}",
    f"splits=[{SPLIT}]",
    "models=[popularity,e2ep]",
    "strategies=[none]",
    "shown.splits=[]",
    "rerank.bases=[]",
    "train.common.refit=false",
    "train.common.threads=2",
    "train.e2ep.members=1",
    "train.e2ep.epochs=1",
    "train.e2ep.every=1",
    "train.e2ep.messages=1000000",
    "train.e2ep.graph=[1.0]",
    "train.e2ep.history=[2.0]",
    "train.e2ep.linear.weight=0.0",
    "train.e2ep.now.shares=[0.0]",
    "train.e2ep.now.ages=[0.0]",
    "evaluate.resamples=199",
)
EVERY = 0.2
"""Seconds between two looks at a step's memory."""


@one_sentence
def main(
    work: Annotated[Path, typer.Option(help="Folder for data and artifacts; kept.")],
    users: Annotated[int, typer.Option(min=100, help="Made-up users.")] = 1_000_000,
    items: Annotated[int, typer.Option(min=100, help="Items of theirs.")] = 10_000,
    each: Annotated[int, typer.Option(min=10, help="Ratings of a user, on average.")] = 100,
    settings: Annotated[
        list[str] | None, typer.Option("--set", help="Further settings, as of `e2ep run`.")
    ] = None,
    out: Annotated[Path, typer.Option(help="File for the result.")] = RESULT,
) -> None:
    """Run the steps that are not done yet, and write what all took."""
    shape, given = Shape(users, items, each), [*SETTINGS, *(settings or [])]
    plan = {"shape": shape._asdict(), "settings": given}
    state = work / "steps.json"
    done = read_json(state) if state.exists() else {}
    if done.get("plan", plan) != plan:
        raise typer.BadParameter(f"{work} holds a run of another shape; name another folder")
    work.mkdir(parents=True, exist_ok=True)
    params = changed_params(ROOT, parsed_settings(given))
    (work / "params.yaml").write_text(yaml.safe_dump(params, sort_keys=False), encoding="utf-8")
    for name, command in steps(shape).items():
        if name not in done:
            print(f"{name} …", flush=True)
            done |= {"plan": plan, name: measured(command, work)}
            write_json(state, done)
    del done["plan"]
    ratings = done["make"].pop("said")
    result = {
        "machine": machine(),
        "versions": versions(PACKAGES),
        **plan["shape"],
        "ratings": int(ratings),
        "settings": given,
        "steps": done,
        "seconds": round(sum(step["seconds"] for step in done.values()), 1),
        "own_gb": max(step["own_gb"] for step in done.values()),
    }
    write_json(out, result)
    print(json.dumps(result, indent=1))


def steps(shape: Shape) -> dict[str, list[str]]:
    """Step → its command, run in the work folder."""
    data, made = f"data/{NAME}", f"artifacts/{NAME}"
    prepared, movies = f"{made}/prepare", f"{made}/enrich/movies.parquet"
    here, shaped = str(Path(__file__).with_name("made_up_set.py")), [str(n) for n in shape]
    fit = f"-m stages.train --split {SPLIT} --prepared {prepared} --movies {movies}"
    fit += f" --embedded {made}/embed"
    commands = {
        "make": [here, "data", data, *shaped],
        "prepare": f"-m stages.prepare --data {data} --out {prepared}".split(),
        "enrich": (
            f"-m stages.enrich --data {data} --movies {prepared}/movies.parquet --out {movies}"
        ).split(),
        "profile items": (
            f"-m stages.profile items --data {data} --prepared {prepared} --movies {movies} "
            f"--out {made}/profile/items.jsonl --asked {made}/profile/items.asked.json"
        ).split(),
        "stand-ins": [here, "stand-ins", made, *shaped],
        **{
            model: f"{fit} --model {model} --out {made}/train/{SPLIT}/{model}".split()
            for model in ("popularity", "e2ep")
        },
        "evaluate": (
            f"-m stages.evaluate --prepare {prepared} --artifacts {made} --dataset {NAME} "
            f"--metrics metrics/{NAME}"
        ).split(),
    }
    return {name: [sys.executable, *command] for name, command in commands.items()}


def measured(command: list[str], work: Path) -> dict[str, Any]:
    """Run a command; its seconds and memory. The last line that it printed is `said`."""
    began = time.perf_counter()
    environment = os.environ | {"PYTHONPATH": str(ROOT), "TMPDIR": str(work.resolve())}
    process = subprocess.Popen(
        command, cwd=work, env=environment, stdout=subprocess.PIPE, text=True
    )
    most = [0.0]
    watch = threading.Thread(target=_watched, args=(process, most), daemon=True)
    watch.start()
    said, _ = process.communicate()
    if process.returncode:
        raise typer.Exit(process.returncode)
    watch.join()
    lines = said.splitlines()
    print("\n".join(lines), flush=True)
    return {
        "seconds": round(time.perf_counter() - began, 1),
        "own_gb": round(most[0] / 2**20, 2),
        **({"said": lines[-1]} if lines else {}),
    }


def _watched(process: "subprocess.Popen[str]", most: list[float]) -> None:
    """Keep the greatest memory of the process and its descendants in kB, without mapped files."""
    while process.poll() is None:
        most[0] = max(most[0], sum(map(_own_kb, _tree(process.pid))))
        time.sleep(EVERY)


def _tree(pid: int) -> list[int]:
    try:
        told = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    except OSError:
        return []
    return [pid, *(one for child in told.split() for one in _tree(int(child)))]


def _own_kb(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith(("RssAnon", "RssShmem")))


if __name__ == "__main__":
    typer.run(main)
