"""Is e2ep with its default parameters ever worse than the best of four baselines, on other shapes?

    python benchmarks/shapes.py [--shapes sparse,wide] [--data ../shared/data] [--out FILE]

Each set (shaped.py) is written as CSV, imported by `e2ep data import` and run by `e2ep run`: the
whole pipeline, measured from outside. `difference` is e2ep's NDCG@10 less that of the best
baseline, with the interval of intervals.json, over users, whose value is their mean over the folds.
`peak_gb` is that of the largest process. Results of other sets in the same file are kept.
"""

import os
import subprocess
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer
from machine import machine, versions
from shaped import SHAPES, Shape

from e2ep_cli.project.overrides import parsed_settings
from e2ep_cli.runs.run import run_for
from stages.core.errors import E2epError, InputError, one_sentence
from stages.core.files import write_text
from stages.core.tables import read_json
from stages.evaluate.output.numbers import numbers_text

RESULT = Path(__file__).parent / "results" / "shapes.json"
PACKAGES = ("numpy", "scipy", "torch", "implicit")
BASELINES = ("popularity", "itemknn", "ease", "ials")
METRIC = "ndcg@10"


@one_sentence
def main(
    shapes: Annotated[str, typer.Option(help="Names of sets, with commas.")] = ",".join(SHAPES),
    data: Annotated[Path, typer.Option(help="Folder with ml-100k, ml-1m and arenas.")] = Path(
        "../shared/data"
    ),
    out: Annotated[Path, typer.Option(help="File for the result.")] = RESULT,
) -> None:
    """Make, import, run and compare each set."""
    if unknown := [name for name in shapes.split(",") if name not in SHAPES]:
        raise InputError(f"--shapes names {unknown[0]!r}; choose from {', '.join(SHAPES)}")
    for name in shapes.split(","):
        file = data / SHAPES[name].file
        if not file.exists():
            print(f"{name}: skipped, as {file} is not there")
            continue
        found = {name: measured(name, SHAPES[name], file)}
        before = read_json(out).get("shapes", {}) if out.exists() else {}
        result = {"machine": machine(), "versions": versions(PACKAGES), "shapes": before | found}
        write_text(out, numbers_text(result))
        print(numbers_text(found), end="")


def measured(name: str, shape: Shape, file: Path) -> dict[str, Any]:
    """The result of a set."""
    dataset = f"shape-{name}"
    with TemporaryDirectory() as made:
        shape.make(file).write(Path(made))
        tables = [f"--{table}={made}/{table}.csv" for table in ("ratings", "items")]
        called(["e2ep", "data", "import", dataset, "--replace", *tables, *shape.options])
    models = ",".join((*BASELINES, "e2ep"))
    others = ",".join(f"fold-{number}" for number in range(2, shape.folds + 1))
    changes = [
        f"dataset={dataset}",
        f"models=[{models}]",
        "strategies=[none]",
        "rerank.reasons.strategies=[none]",
        f"further.splits=[{others}]",
        *([f"further.models=[{models}]"] if others else []),
    ]
    folder = run_for(Path(), parsed_settings(changes)).folder
    seconds, peak = called(["e2ep", "run", *(part for one in changes for part in ("--set", one))])
    tests = read_json(folder / "metrics" / dataset / "intervals.json")["splits"]
    tested = tests["fold" if others else "fold-1"][METRIC]
    card = read_json(folder / "artifacts" / dataset / "prepare" / "card.json")
    return {
        **{count: card[count] for count in ("users", "movies", "ratings")},
        "folds": shape.folds,
        METRIC: {model: tested[model]["mean"] for model in (*BASELINES, "e2ep")},
        "difference": tested["e2ep"]["to_baseline"],
        "seconds": round(seconds, 1),
        "peak_gb": round(peak, 2),
    }


def called(command: list[str]) -> tuple[float, float]:
    """Seconds that the command took, and GB that its largest process held; an error if it fails."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise E2epError(f"`{' '.join(command)}` ended with exit code {process.returncode}")
    return time.perf_counter() - start, usage.ru_maxrss / 2**20


if __name__ == "__main__":
    typer.run(main)
