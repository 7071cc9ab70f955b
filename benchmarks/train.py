"""How long must e2ep train to rank well, compared with the paper's model on PyTorch Geometric?

    python benchmarks/train.py [--artifacts FOLDER] [--runs 5] [--epochs 300]

Seconds of training to the first checkpoint whose full NDCG@10 on the test rows of MovieLens
100K's fold-1 is .424 or more; needs `e2ep data add ml-100k` and `e2ep run --dataset ml-100k`.
Both sides train on train + valid with their settings of params.yaml and as many threads, and are
checked as often as those say: checkpoints are kept in memory. Each run is in its own process, after
one epoch to warm up. The clock stands still while a look keeps its copy, and runs over all else
that `fit` does, from the bare ratings on. Only after training are the test rows read and the
checkpoints judged.

e2ep fits its linear part before its epochs, so that its seconds count for every checkpoint,
however early. κ is that of training, for nothing is chosen on valid here. Its runs differ by
seed, and the median counts. As EASE alone is better than .424 on this fold, `network` is e2ep
once more without its linear part.

`unified` is the paper's model on PyG's GATv2Conv (`layer: pyg`). It runs once by default, for it
takes some 4 s per epoch, and for all epochs of its settings, without the patience that would have
stopped it sooner. The spread of its epochs' seconds is reported, and `by_median_epoch` is what they
would take at their median. Where it never gets there, its whole time counts and `lower_bound` is
true. `time_to_best` is a careful ratio
beside it: the time to `unified`'s own best checkpoint, ÷ ours to .424. `…_cpu` are the ratios of
the processor's seconds, which other work on the machine moves less. A quick look: --runs 1
--epochs 5 --out /dev/null.
"""

import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Annotated, Any, Literal, NamedTuple

import numpy as np
import pandas as pd
import typer
from machine import apart, machine, versions

from stages.contracts.rows import RATINGS
from stages.contracts.scale import POSITIVE
from stages.core.errors import MissingError, one_sentence
from stages.core.files import write_json
from stages.core.params import load_section, load_seed
from stages.core.tables import read_table
from stages.core.threads import limit_threads
from stages.train.fitting.model import Model, Validate, Watch
from stages.train.fitting.rows import SplitRows
from stages.train.fitting.sources import Sources, split_rows
from stages.train.fitting.validation import validation_ndcg
from stages.train.params import CommonParams

RESULT = Path(__file__).parent / "results" / "train.json"
BAR, SPLIT = 0.424, "fold-1"
PACKAGES = ("numpy", "scipy", "torch", "torch-geometric")
Side = Literal["e2ep", "network", "unified"]


class Times(NamedTuple):
    """Seconds on the wall and of the processor."""

    seconds: float
    cpu_seconds: float

    @classmethod
    def now(cls) -> "Times":
        return cls(time.perf_counter(), time.process_time())

    def since(self, other: "Times") -> "Times":
        return Times(*(mine - before for mine, before in zip(self, other, strict=True)))

    def after(self, other: "Times") -> "Times":
        return Times(*(mine + before for mine, before in zip(self, other, strict=True)))

    def rounded(self) -> dict[str, float]:
        return {name: round(value, 3) for name, value in self._asdict().items()}


class Checkpoint(NamedTuple):
    """An epoch, the time of training up to it, and the weights there."""

    epoch: int
    times: Times
    weights: dict[str, np.ndarray]


@dataclass
class Kept(Watch):
    """Keeps a checkpoint at every look; `began` is moved on by the time that takes."""

    began: Times = field(default_factory=Times.now)
    checkpoints: list[Checkpoint] = field(default_factory=list)

    def should_continue(self, epoch: int, loss: float, model: Model) -> bool:
        began = Times.now()
        weights = {name: values.copy() for name, values in model.weights().items()}
        self.checkpoints.append(Checkpoint(epoch, began.since(self.began), weights))
        another = super().should_continue(epoch, loss, model)
        self.began = self.began.after(Times.now().since(began))
        return another


@dataclass(frozen=True)
class Run:
    """One training. epochs: at most; None for those of the settings."""

    side: Side
    seed: int
    artifacts: Path
    epochs: int | None = None

    def model(self) -> Model:
        """A new one."""
        from stages.train.models.e2ep.e2ep import MODEL
        from stages.train.models.e2ep.settings import Config
        from stages.train.models.paper import unified

        if self.side == "unified":
            paper = load_section("train.unified", unified.Config)
            pygs = {"layer": "pyg", "epochs": self.epochs or paper.epochs}
            return unified.MODEL(paper.model_copy(update=pygs), self.seed)
        config = load_section("train.e2ep", Config)
        without = {"linear": config.linear.model_copy(update={"weight": 0.0})}
        return MODEL(config.model_copy(update=without if self.side == "network" else {}), self.seed)

    def rows(self) -> SplitRows:
        """Ratings to train on, and texts."""
        prepared, movies = self.artifacts / "prepare", self.artifacts / "enrich" / "movies.parquet"
        return split_rows(Sources(prepared, movies, self.artifacts / "embed"), SPLIT, "unified")


@one_sentence
def main(
    artifacts: Annotated[
        Path, typer.Option(help="What `e2ep run --dataset ml-100k` wrote.")
    ] = Path("runs/ml-100k/artifacts/ml-100k"),
    runs: Annotated[
        int, typer.Option(min=1, help="Of e2ep, each with another seed; the median counts.")
    ] = 5,
    peer_runs: Annotated[int, typer.Option(min=1, help="Of unified.")] = 1,
    epochs: Annotated[
        int | None, typer.Option(min=1, help="Of unified; by default all of its settings.")
    ] = None,
    out: Annotated[Path, typer.Option(help="File for the result.")] = RESULT,
) -> None:
    """Train both sides and judge their checkpoints."""
    if not (artifacts / "embed" / SPLIT / "unified.safetensors").exists():
        raise MissingError(
            f"{artifacts} has no embedded {SPLIT}; run `e2ep data add ml-100k` and "
            "`e2ep run --dataset ml-100k`"
        )
    seeds = range(load_seed(), load_seed() + max(runs, peer_runs))
    ours, network = (
        [apart(measured, Run(side, seed, artifacts)) for seed in seeds[:runs]]
        for side in ("e2ep", "network")
    )
    peers = [apart(measured, Run("unified", seed, artifacts, epochs)) for seed in seeds[:peer_runs]]
    result = {
        "machine": machine(),
        "versions": versions(PACKAGES),
        "threads": load_section("train.common", CommonParams).threads,
        "split": SPLIT,
        "bar": {"ndcg@10": BAR},
        "e2ep": ours,
        "network": network,
        "unified": peers,
        "ratios": ratios(ours, peers)
        | {f"network_{key}": ratio for key, ratio in ratios(network, peers).items()},
        "lower_bound": any(run["reached"] is None for run in peers),
    }
    write_json(out, result)
    print(
        json.dumps({name: result[name] for name in ("machine", "ratios", "lower_bound")}, indent=1)
    )


def measured(run: Run) -> dict[str, Any]:
    """A training's checkpoints, judged: the first good enough, the best, and its whole time."""
    limit_threads(load_section("train.common", CommonParams).threads)
    rows, load = run.rows(), os.getloadavg()[0]
    both = pd.concat([rows.train, rows.valid], ignore_index=True)
    data = rows.data(both)
    run.model().fit(data, Watch(last_epoch=1))
    model, watch = run.model(), Kept()
    model.fit(data, watch)
    whole = Times.now().since(watch.began)
    curve = judged(model, watch.checkpoints, test_ndcg(run.artifacts, rows, both))
    reached = next((look for look in curve if look["ndcg@10"] >= BAR), None)
    epochs = spread(watch.checkpoints)
    return {
        "seed": run.seed,
        "load_before": round(load, 2),
        "reached": reached,
        "best": max(curve, key=lambda look: look["ndcg@10"]),
        "whole": whole.rounded(),
        "epoch_seconds": epochs,
        "by_median_epoch": round(epochs["median"] * (reached or curve[-1])["epoch"], 1)
        if epochs
        else None,
        "curve": curve,
    }


def test_ndcg(artifacts: Path, rows: SplitRows, both: pd.DataFrame) -> Validate:
    """Full NDCG@10 on the test rows; items rated in `both` are not ranked."""
    test = read_table(artifacts / "prepare" / "splits" / SPLIT / "test.parquet", RATINGS)
    return validation_ndcg(
        rows.seen(test[test["rating"] >= POSITIVE]),
        rows.seen(both),
        np.ones(rows.n_items, dtype=bool),
    )


def judged(model: Model, kept: list[Checkpoint], judge: Validate) -> list[dict[str, float]]:
    """Each checkpoint's epoch, time and NDCG@10."""
    curve = []
    for epoch, times, weights in kept:
        model.restore(weights)
        ndcg = float(judge(model.score).mean())
        curve.append({"epoch": epoch, **times.rounded(), "ndcg@10": round(ndcg, 5)})
    return curve


def spread(kept: list[Checkpoint]) -> dict[str, float]:
    """Of an epoch's seconds, by the looks; the first also holds what is done before all epochs."""
    found = [
        one.times.since(before.times).seconds / (one.epoch - before.epoch)
        for before, one in pairwise(kept)
    ]
    names: dict[str, Callable[[list[float]], float]] = {"least": min, "median": median, "most": max}
    return {name: round(of(found), 4) for name, of in names.items()} if found else {}


def ratios(ours: list[dict[str, Any]], peers: list[dict[str, Any]]) -> dict[str, float | None]:
    """PyG ÷ ours in medians; None where half of our runs never got there."""
    answer = {}
    for name, ending in (("seconds", ""), ("cpu_seconds", "_cpu")):
        reached = median(run["reached"][name] if run["reached"] else np.inf for run in ours)
        for key, place in (("time_to_424", "reached"), ("time_to_best", "best")):
            peer = median((run[place] or run["whole"])[name] for run in peers)
            answer[f"{key}{ending}"] = round(peer / reached, 1) if np.isfinite(reached) else None
    return answer


if __name__ == "__main__":
    typer.run(main)
