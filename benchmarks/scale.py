"""How do e2ep's memory and step time grow with the ratings, and what would a billion take?

    python benchmarks/scale.py [--sizes 1m,10m,25m] [--steps 5] [--users 2000] [--threads 2]

Made-up ratings of MovieLens' shape (made_up_ratings.py) with random texts and the settings of
params.yaml, each size in its own process, which reads what another one made: the graph, steps of
training after one to warm up, a look (all messages once), and the candidates of a sample of users
by the model's own score, in chunks of `users_a_chunk`, never users × items. There is no linear
part: it is not in a step, and its matrix is items × items.

A step reads the ratings of some users (`near_seconds`, measured separately, finds and sorts them);
a part of it grows with users and items, as all their vectors and AdamW's moments are updated; the
rest is bounded (`bounds`): attention over `messages` edges, and a softmax of `users_a_step` ×
`items_a_step`, a sample of items beyond `catalogue`. An epoch has more steps the more users there
are, so it grows faster than a step does; `epoch_seconds` is a step's median × steps.

`workers` are processes that train one graph together, each with some of the users (gloo), which
share the `threads`: the slowest one's median of a step, and the most that one of them held.
`held_of_alone` is that over what one worker alone held: as a whole, without what imports take, and
with the `ray_mb` that Ray's imports add to a worker that Ray has started, as these are not.
Several workers return large freed blocks to the system (stages/core/memory.py); one alone does not.
Every process begins with the imports of this file, so they are few.

Exponents are slopes of logs over log edges, 1 where something grows as edges do. `at_1b` is an
extrapolation, not a measurement: by that exponent, and by the line through the two largest sizes,
both of which are beyond the bounds of a step; users and items are assumed to grow with the edges as
they do here. A quick look: --sizes 1m --out /dev/null.
"""

import json
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import numpy as np
import typer
from machine import apart, machine, versions
from made_up_ratings import Size, make
from scale_workers import ray_mb, with_workers

from stages.core.errors import one_sentence
from stages.core.files import write_json

RESULT = Path(__file__).parent / "results" / "scale.json"
PACKAGES = ("numpy", "scipy", "scikit-learn", "torch")
SIZES = {
    "1m": Size(6_040, 3_706, 1_000_000),
    "10m": Size(69_878, 10_677, 10_000_000),
    "25m": Size(162_541, 59_047, 25_000_000),
}
WORKERS = (1, 2)
BILLION = 1_000_000_000
GROWING = (
    "graph_seconds",
    "step_seconds",
    "near_seconds",
    "look_seconds",
    "steps_an_epoch",
    "peak_gb",
)


@one_sentence
def main(
    sizes: Annotated[str, typer.Option(help="Of 1m, 10m and 25m, with commas.")] = ",".join(SIZES),
    steps: Annotated[int, typer.Option(min=1, help="After one to warm up; the median counts.")] = 5,
    users: Annotated[int, typer.Option(min=1, help="Whose candidates are listed.")] = 2000,
    threads: Annotated[int, typer.Option(min=1, help="Of torch.")] = 2,
    out: Annotated[Path, typer.Option(help="File for the result.")] = RESULT,
) -> None:
    """Measure each size."""
    unknown = set(sizes.split(",")) - set(SIZES)
    if unknown:
        raise typer.BadParameter(
            f"no size {', '.join(sorted(unknown))}; choose from {', '.join(SIZES)}"
        )
    found = {name: at_size(name, steps, users, threads) for name in sizes.split(",")}
    result = {
        "machine": machine(),
        "versions": versions(PACKAGES),
        "threads": threads,
        "sizes": found,
        "exponents": {name: exponent(name, list(found.values())) for name in GROWING},
        "at_1b": {name: at_billion(name, list(found.values())) for name in GROWING},
    }
    write_json(out, result)
    print(json.dumps(result, indent=1))


def at_size(name: str, steps: int, users: int, threads: int) -> dict[str, Any]:
    """The figures of a size."""
    with TemporaryDirectory() as folder:
        apart(make, SIZES[name], Path(folder))
        found = apart(with_torch, "measured", SIZES[name], Path(folder), steps, users, threads)
        shared: dict[str, Any] = {
            str(workers): apart(with_workers, workers, SIZES[name], Path(folder), steps, threads)
            for workers in WORKERS
        }
    peak = round(max(found["peak_mb"].values()) / 1024, 3)
    ray = apart(ray_mb)
    shared |= {"ray_mb": ray, "held_of_alone": held_of_alone(shared["2"], shared["1"], ray)}
    return {**found, "peak_gb": peak, "workers": shared}


def held_of_alone(one: dict[str, Any], alone: dict[str, Any], ray: float) -> dict[str, float]:
    """What one of two workers held over what one alone did; ray: MB that Ray adds to each."""
    more = {"whole": (0, 0), "with_ray": (ray, ray)}
    more["without_imports"] = -one["imports_mb"], -alone["imports_mb"]
    return {
        name: round((one["peak_mb"] + of_one) / (alone["peak_mb"] + of_alone), 3)
        for name, (of_one, of_alone) in more.items()
    }


def with_torch(name: str, *given: Any) -> Any:
    """Call a function of scale_steps, imported where it runs.

    A new process's peak begins at its parent's, so the parent must not import torch.
    """
    return getattr(import_module("scale_steps"), name)(*given)


def exponent(name: str, found: list[dict[str, Any]]) -> float | None:
    """Of growth with edges; None of one size."""
    if len(found) < 2:
        return None
    edges, values = (np.log([size[key] for size in found]) for key in ("edges", name))
    return round(float(np.polyfit(edges, values, 1)[0]), 3)


def at_billion(name: str, found: list[dict[str, Any]]) -> dict[str, float] | None:
    """The extrapolation from the largest size; None of one size."""
    growth = exponent(name, found)
    if growth is None:
        return None
    before, last = sorted(found, key=lambda size: size["edges"])[-2:]
    slope = (last[name] - before[name]) / (last["edges"] - before["edges"])
    by_exponent = last[name] * (BILLION / last["edges"]) ** growth
    return {
        "by_exponent": round(by_exponent, 1),
        "by_line": round(last[name] + slope * (BILLION - last["edges"]), 1),
    }


if __name__ == "__main__":
    typer.run(main)
