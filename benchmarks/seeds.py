"""How good is e2ep on the folds with seeds that no search has used, and how much of it is luck?

    python benchmarks/seeds.py [--set @experiments/ml-100k.yaml] [--seeds 11,12,13] [--out benchmarks/results/seeds.json]

Full NDCG@10 on the test rows of each fold. Needs the artifacts of `e2ep run --set @experiments/ml-100k.yaml`: the splits and
the baselines' lists are taken from there, e2ep is trained anew, chosen on valid and refitted as in the pipeline. A user's
value is the mean over the seeds and over the folds that count him; differences are paired by user, as in intervals.json,
among all users and, in the folds where that holds, those with fewer than 20 ratings to train on. Results of other data
sets in the same file stay.
"""

import json
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Annotated

import numpy as np
import pandas as pd
import typer
from machine import machine, versions

from e2ep_cli.overrides import changed_params, parsed
from stages.core.errors import MissingError, one_sentence
from stages.core.log import progress
from stages.core.params import check_section
from stages.core.schema import CANDIDATES, POSITIVE, RATINGS
from stages.core.splits import every_split
from stages.core.tables import read_json, read_table, write_json
from stages.evaluate.resampling import Resampling
from stages.metrics.ndcg import ndcg
from stages.train.__main__ import Sources, limit_threads, split_rows
from stages.train.models.e2ep import MODEL, Config
from stages.train.selection import select_and_refit

RESULT = Path(__file__).parent / "results" / "seeds.json"
PACKAGES = ("numpy", "scipy", "torch")
K, RESAMPLES = 10, 4999
FEW = 20
"""Ratings in train and valid below which a user is counted among those with few."""


@dataclass(frozen=True)
class Fit:
    """A training of e2ep on a split with a seed."""

    artifacts: Path
    split: str
    seed: int
    config: Config

    def values(self) -> pd.Series:
        """NDCG@10 of each user with a relevant test film, by his row."""
        limit_threads(1)
        sources = Sources(
            self.artifacts / "prepare", self.artifacts / "enrich/movies.parquet", self.artifacts / "embed"
        )
        rows = split_rows(sources, self.split, MODEL(self.config, self.seed).form)
        fitted = select_and_refit(lambda: MODEL(self.config, self.seed), rows, K)
        return judged(fitted.candidates, self.artifacts, self.split)


@one_sentence
def main(
    settings: Annotated[str, typer.Option("--set", help="key=value or @FILE, as of `e2ep run`.")] = (
        "@experiments/ml-100k.yaml"
    ),
    seeds: Annotated[str, typer.Option(help="Other than the seed of params.yaml, with which settings were chosen.")] = (
        "11,12,13"
    ),
    baselines: Annotated[str, typer.Option(help="Models to compare with.")] = "ease,ials",
    workers: Annotated[int, typer.Option(help="Trainings at once.")] = 2,
    out: Annotated[Path, typer.Option(help="File for the result.")] = RESULT,
) -> None:
    """Train with each seed on each fold, and compare."""
    params = changed_params(Path(), parsed([settings]))
    artifacts, folds = Path("artifacts") / params["dataset"], [s for s in every_split(params) if s.startswith("fold-")]
    config = check_section("train.e2ep", params["train"]["e2ep"], Config)
    numbers = [int(seed) for seed in seeds.split(",")]
    fits = [Fit(artifacts, fold, seed, config) for seed in numbers for fold in folds]
    few = [_few(artifacts, fold) for fold in folds]
    listed = {name: [_listed(artifacts, fold, name) for fold in folds] for name in baselines.split(",")}
    found = list(progress(_each(fits, workers), "seeds: trainings", len(fits)))
    ours = [_mean(found[at :: len(folds)]) for at in range(len(folds))]
    means = [
        float(np.mean([one.mean() for one in found[at : at + len(folds)]])) for at in range(0, len(fits), len(folds))
    ]
    result = {
        "machine": machine(),
        "versions": versions(PACKAGES),
        "folds": folds,
        "e2ep": {
            "ndcg@10": round(float(np.mean(means)), 5),
            "sd": round(float(np.std(means, ddof=1)), 5) if len(means) > 1 else None,
            "seeds": {str(seed): round(mean, 5) for seed, mean in zip(numbers, means, strict=True)},
        },
        "baselines": {name: _compared(ours, other, params["seed"]) for name, other in listed.items()},
        "few": {
            name: _compared(_among(ours, few), _among(other, few), params["seed"]) for name, other in listed.items()
        },
    }
    write_json(out, (read_json(out) if out.exists() else {}) | {params["dataset"]: result})
    print(json.dumps(result, indent=1))


def judged(candidates: pd.DataFrame, artifacts: Path, split: str) -> pd.Series:
    """NDCG@10 of the lists `candidates` (schema CANDIDATES) by user row."""
    test = read_table(artifacts / "prepare/splits" / split / "test.parquet", RATINGS)
    liked = test[test["rating"] >= POSITIVE]
    relevant = liked.groupby("user_row").size()
    first = candidates[candidates["place"] < K].merge(liked[["user_row", "item_row"]], on=["user_row", "item_row"])
    hits = np.zeros((len(relevant), K), dtype=bool)
    hits[relevant.index.get_indexer(first["user_row"]), first["place"]] = True
    return pd.Series(ndcg(hits, relevant.to_numpy()), relevant.index)


def _each(fits: list[Fit], workers: int) -> Iterator[pd.Series]:
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield from pool.map(Fit.values, fits)


def _listed(artifacts: Path, split: str, model: str) -> pd.Series:
    """What a baseline's lists of the pipeline are worth."""
    places = (artifacts / "train" / split / model, artifacts / "train/further" / model / split)
    file = next((place / "candidates.parquet" for place in places if place.exists()), None)
    if file is None:
        raise MissingError(f"{places[0]} is not there; run `e2ep run` with the same --set first")
    return judged(read_table(file, CANDIDATES), artifacts, split)


def _few(artifacts: Path, split: str) -> pd.Index:
    """User rows with few ratings to train on."""
    parts = [
        read_table(artifacts / "prepare/splits" / split / f"{part}.parquet", RATINGS) for part in ("train", "valid")
    ]
    counts = pd.concat(parts).groupby("user_row").size()
    return counts.index[counts < FEW]


def _among(values: list[pd.Series], users: list[pd.Index]) -> list[pd.Series]:
    return [one[one.index.isin(some)] for one, some in zip(values, users, strict=True)]


def _mean(values: list[pd.Series]) -> pd.Series:
    """Each user's mean over those of `values` that count him."""
    return pd.concat(values, axis=1).mean(axis=1)


def _compared(ours: list[pd.Series], other: list[pd.Series], seed: int) -> dict[str, float]:
    """Values by fold: the two NDCG are means of the folds' means, the rest is of users."""
    differences = (_mean(ours) - _mean(other)).to_numpy()[:, None]
    resampling = Resampling(RESAMPLES, seed)
    (low,), (high,) = resampling.interval("seeds", differences)
    (p,) = resampling.p_values("seeds", differences)
    means = {"e2ep": np.mean([one.mean() for one in ours]), "baseline": np.mean([one.mean() for one in other])}
    told = means | {"difference": differences.mean(), "low": low, "high": high, "p": p}
    return {"users": len(differences), **{name: round(float(value), 5) for name, value in told.items()}}


if __name__ == "__main__":
    typer.run(main)
