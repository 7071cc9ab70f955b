"""How long do the intervals and all metrics take, compared with torch_geometric.metrics?

    python benchmarks/evaluate.py [--models 12] [--users 6040] [--items 3706] [--runs 3]

Ours is the pipeline's own path without its files: seen items masked, the first 20 with ties by
item row, then both protocols at k = 1, 5, 10, 15, 20 and all metrics beyond accuracy. The peer
has one protocol: scores masked in the same way, torch.topk, its LinkPred metrics of accuracy,
coverage, popularity and diversity at the same five k. Each side runs in its own process, one after
the other; scores are made one model at a time, which is not counted. The intervals are those of 30
rankings × 943 users × 16 splits. A quick look: --models 2 --runs 1 --out /dev/null.
"""

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Annotated, Any

import numpy as np
import scipy.sparse as sp
import typer
from machine import Clock, apart, machine, peak_mb, versions

from stages.contracts.splits import NAMES
from stages.core.errors import one_sentence
from stages.core.files import write_json
from stages.core.seeds import generator

RESULT = Path(__file__).parent / "results" / "evaluate.json"
SEED, CORES, DEPTH, CUTS = 7, 2, 20, (1, 5, 10, 15, 20)
TRAINED, TESTED, DIMENSIONS, GENRES = 132, 33, 384, 18
PACKAGES = ("numpy", "scipy", "pandas", "torch", "torch-geometric")
Side = Callable[["Case", "Clock"], float]


@dataclass(frozen=True)
class Case:
    """Sizes of a made-up data set; MovieLens 1M has as many ratings a user."""

    models: int
    users: int
    items: int

    def rated(self) -> tuple[np.ndarray, np.ndarray]:
        """Training (users, TRAINED) and test (users, TESTED) items, popular ones more often."""
        draw = generator(SEED, "ratings").gumbel(size=(self.users, self.items)) + self._popular()
        best = np.argsort(-draw, axis=1)[:, : TRAINED + TESTED]
        mixed = generator(SEED, "split").permuted(best, axis=1)
        return mixed[:, :TRAINED], mixed[:, TRAINED:]

    def scores(self) -> Iterator[np.ndarray]:
        """A matrix (users, items) float32 for each model."""
        for model in range(self.models):
            noise = generator(SEED, "scores", model).standard_normal(
                (self.users, self.items), dtype=np.float32
            )
            yield noise + self._popular()

    def _popular(self) -> np.ndarray:
        return np.log(1 / np.arange(10, 10 + self.items)).astype(np.float32)


@one_sentence
def main(
    models: Annotated[int, typer.Option(min=1, help="Score matrices.")] = 12,
    users: Annotated[int, typer.Option(min=1, help="Users of each.")] = 6040,
    items: Annotated[int, typer.Option(min=1, help="Items of each.")] = 3706,
    runs: Annotated[
        int, typer.Option(min=1, help="Runs of both sides in turn; the median counts.")
    ] = 3,
    out: Annotated[Path, typer.Option(help="File for the result.")] = RESULT,
) -> None:
    """Measure both sides and the intervals."""
    case = Case(models, users, items)
    found = [
        {side.__name__: apart(measured, side, case) for side in (ours, peer)} for _ in range(runs)
    ]
    seconds, peer_seconds = (
        median(run[name]["seconds"] for run in found) for name in ("ours", "peer")
    )
    cpu, peer_cpu = (median(run[name]["cpu_seconds"] for run in found) for name in ("ours", "peer"))
    peak, peer_peak = (max(run[name]["peak_gb"] for run in found) for name in ("ours", "peer"))
    tested = apart(measured, tables, case)
    result = {
        "machine": machine(),
        "versions": versions(PACKAGES),
        "case": {"models": models, "users": users, "items": items, "k": CUTS},
        "runs": found,
        "seconds": seconds,
        "cpu_seconds": cpu,
        "peak_gb": peak,
        "peer": {"name": "torch_geometric.metrics", "seconds": peer_seconds, "peak_gb": peer_peak},
        "ndcg@10_apart": max(abs(run["ours"]["ndcg@10"] - run["peer"]["ndcg@10"]) for run in found),
        "intervals": {key: tested[key] for key in tested if key != "ndcg@10"},
        "ratios": {
            "seconds_to_peer": round(seconds / peer_seconds, 3),
            "cpu_seconds_to_peer": round(cpu / peer_cpu, 3),
            "peak_to_peer": round(peak / peer_peak, 3),
        },
    }
    write_json(out, result)
    print(json.dumps(result, indent=1))


def measured(side: Side, case: Case) -> dict[str, float]:
    """Seconds of the work, the process's peak, the machine's load, and the last mean NDCG@10."""
    clock, load = Clock(), os.getloadavg()[0]
    ndcg = side(case, clock)
    seconds = {name: round(value, 2) for name, value in asdict(clock).items()}
    return {
        **seconds,
        "peak_gb": round(peak_mb() / 1024, 3),
        "load_before": round(load, 2),
        "ndcg@10": round(ndcg, 6),
    }


def ours(case: Case, clock: Clock) -> float:
    """The pipeline: candidates, both protocols, beyond accuracy."""
    from stages.evaluate.params import EvaluateParams
    from stages.evaluate.protocols.measure import Split, measure
    from stages.evaluate.protocols.truth import Rows, truth_of
    from stages.evaluate.rankings.ranking import to_ranking
    from stages.metrics.catalogue import Catalogue
    from stages.train.fitting.candidates import top_candidates

    train, test = (
        Rows(np.repeat(np.arange(case.users), part.shape[1]), part.ravel(), np.full(part.size, 5.0))
        for part in case.rated()
    )
    truth = truth_of(train, test, case.users, case.items)
    seen = sp.csr_matrix(
        (np.ones(len(train.users)), (train.users, train.items)), (case.users, case.items)
    )
    vectors = generator(SEED, "vectors").standard_normal((case.items, DIMENSIONS), dtype=np.float32)
    catalogue = Catalogue(truth.counts, case.users, vectors, truth.tastes)
    split = Split("fold-1", truth, catalogue, {"": np.ones(case.users, dtype=bool)})
    ndcg = 0.0
    for scores in case.scores():
        with clock.running():
            rows = top_candidates(scores.__getitem__, seen, np.ones(case.items, dtype=bool), DEPTH)
            user, item, place = (
                rows[name].to_numpy() for name in ("user_row", "item_row", "place")
            )
            ranking = to_ranking(user, item, place, case.users)
            found = measure("", ranking, split, EvaluateParams(k=(10, 20), curve_k=CUTS))
        ndcg = float(found.protocols["full"]["ndcg@10"])
    return ndcg


def peer(case: Case, clock: Clock) -> float:
    """PyTorch Geometric's metrics over torch.topk."""
    import torch

    torch.set_num_threads(CORES)
    train, test = (torch.from_numpy(part) for part in case.rated())
    popularity = torch.bincount(train.ravel(), minlength=case.items)
    metrics = collection(case, popularity)
    edges = torch.stack([torch.arange(case.users).repeat_interleave(TESTED), test.ravel()])
    ndcg = 0.0
    for made in case.scores():
        scores = torch.from_numpy(made)
        with clock.running():
            metrics.update(scores.scatter(1, train, -torch.inf).topk(DEPTH).indices, edges)
            found = metrics.compute()
            metrics.reset()
        ndcg = float(found["LinkPredNDCG@10"])
    return ndcg


def collection(case: Case, popularity: Any) -> Any:
    """The peer's metrics that answer what ours do."""
    import torch
    from torch_geometric import metrics

    category = torch.arange(case.items) % GENRES
    accuracy = ("Precision", "Recall", "F1", "MAP", "NDCG", "MRR", "HitRatio")
    found = [getattr(metrics, f"LinkPred{name}")(k) for name in accuracy for k in CUTS]
    for k in CUTS:
        found += [
            metrics.LinkPredCoverage(k, case.items),
            metrics.LinkPredAveragePopularity(k, popularity),
        ]
        found += [metrics.LinkPredDiversity(k, category)] if k > 1 else []
    return metrics.LinkPredMetricCollection(found)


def tables(_case: Case, clock: Clock) -> float:
    """intervals.json's statistics of 30 rankings × 943 users × 16 splits."""
    from stages.evaluate.statistics.intervals import intervals
    from stages.evaluate.statistics.places import Place
    from stages.evaluate.statistics.resampling import Resampling

    draw = generator(SEED, "users")
    names = [f"model{n}" for n in range(10)] + ["e2ep"] + [f"e2ep+strategy{n}" for n in range(19)]
    rows = [
        {k: {name: draw.random(943) for name in names} for k in ("ndcg@10", "recall@10")}
        for _ in NAMES
    ]
    places = [Place(name, values, np.zeros(943)) for name, values in zip(NAMES, rows, strict=True)]
    with clock.running():
        found = intervals("sample", places, ["e2ep"], Resampling(4999, SEED))
    return float(found.splits["fold-1"].metrics["ndcg@10"]["e2ep"].mean)


if __name__ == "__main__":
    typer.run(main)
