"""How good is e2ep on the folds with seeds that no search has used, and how much of it is luck?

    python benchmarks/seeds.py [--set @experiments/ml-100k.yaml] [--seeds 11,12,13] [--out FILE]

Full NDCG@10 on the test rows of each fold. Needs the artifacts of `e2ep run --set
@experiments/ml-100k.yaml`: the splits and the baselines' lists are taken from there, e2ep is
trained anew, chosen on valid and refitted as in the pipeline. `tests` are those of
intervals.json, with the mean of the seeds as e2ep's value. If e2ep's `later` penalises items that
arrive after a user's last rating, each baseline is also compared without them, "as of then".
Results of other data sets in the same file are kept.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Annotated

import numpy as np
import pandas as pd
import typer
from machine import machine, versions

from e2ep_cli.project.overrides import changed_params, parsed_settings
from e2ep_cli.runs.run import run_for
from stages.contracts.splits import every_split, further
from stages.core.errors import InputError, one_sentence
from stages.core.files import write_text
from stages.core.log import progress
from stages.core.params import check_section
from stages.core.tables import read_json
from stages.evaluate.artifacts import Artifacts
from stages.evaluate.output.numbers import numbers_text
from stages.evaluate.protocols.full import full
from stages.evaluate.protocols.truth import Truth, mark
from stages.evaluate.rankings.ranking import keep, to_ranking
from stages.evaluate.results import split_truth
from stages.evaluate.statistics.intervals import intervals
from stages.evaluate.statistics.places import Place, by_history, pooled
from stages.evaluate.statistics.resampling import Resampling
from stages.train.fitting.named import limit_threads
from stages.train.fitting.selection import SplitRows, select_and_refit
from stages.train.fitting.sources import Sources, split_rows
from stages.train.models.e2ep.arrivals import not_arrived
from stages.train.models.e2ep.e2ep import MODEL
from stages.train.models.e2ep.settings import Config

RESULT = Path(__file__).parent / "results" / "seeds.json"
PACKAGES = ("numpy", "scipy", "torch")
K, METRIC, RESAMPLES = 10, "ndcg@10", 4999
FEW = 20
"""Ratings in train and valid below which a user is also counted among those with few."""


@dataclass(frozen=True)
class Fit:
    """A training of e2ep on a split with a seed."""

    sources: Sources
    split: str
    seed: int
    config: Config
    n_users: int

    def ranking(self) -> np.ndarray:
        """(users, depth) item rows."""
        limit_threads(1)
        rows = split_rows(self.sources, self.split, MODEL(self.config, self.seed).form)
        found = select_and_refit(lambda: MODEL(self.config, self.seed), rows, K).candidates
        users, items, places = (
            found[name].to_numpy() for name in ("user_row", "item_row", "place")
        )
        return to_ranking(users, items, places, self.n_users)


@one_sentence
def main(
    settings: Annotated[
        str, typer.Option("--set", help="key=value or @FILE, as of `e2ep run`.")
    ] = ("@experiments/ml-100k.yaml"),
    seeds: Annotated[
        str,
        typer.Option(help="Other than the seed of params.yaml, with which settings were chosen."),
    ] = ("11,12,13"),
    baselines: Annotated[str, typer.Option(help="Models to compare with.")] = "ease,ials",
    workers: Annotated[int, typer.Option(min=1, help="Trainings at once.")] = 2,
    out: Annotated[Path, typer.Option(help="File for the result.")] = RESULT,
) -> None:
    """Train with each seed on each fold, and compare."""
    params = changed_params(Path(), parsed_settings([settings]))
    folder, folds = (
        run_for(Path(), parsed_settings([settings])).folder / "artifacts" / params["dataset"],
        [s for s in every_split(params) if s.startswith("fold-")],
    )
    config = check_section("train.e2ep", params["train"]["e2ep"], Config)
    numbers = _numbers(seeds)
    source = Artifacts(folder / "prepare", folder, further(params).splits)
    people = source.people()
    n_users = len(people.user_ids)
    truths = [split_truth(source, fold, people) for fold in folds]
    sources = Sources(folder / "prepare", folder / "enrich/movies.parquet", folder / "embed")
    lists = [
        {name: source.candidates(fold, name, n_users) for name in baselines.split(",")}
        for fold in folds
    ]
    others = [
        found | (_as_of_then(split_rows(sources, fold, None), found) if config.later else {})
        for fold, found in zip(folds, lists, strict=True)
    ]
    fits = [Fit(sources, fold, seed, config, n_users) for fold in folds for seed in numbers]
    trained = progress(_each(fits, workers), "seeds: trainings", len(fits))
    ours = np.stack([_values(one, truths[at // len(numbers)]) for at, one in enumerate(trained)])
    ours = ours.reshape(len(folds), len(numbers), n_users)
    places = [
        Place(
            fold, {METRIC: {"e2ep": by_seed.mean(axis=0)} | _each_of(other, truth)}, truth.trained
        )
        for fold, by_seed, other, truth in zip(folds, ours, others, truths, strict=True)
    ]
    family = pooled("fold", tuple(places))
    tested = intervals(
        params["dataset"],
        [family, *by_history([family], [FEW])],
        ["e2ep"],
        Resampling(RESAMPLES, params["seed"]),
    )
    means = np.nanmean(ours, axis=2).mean(axis=0)
    result = {
        "machine": machine(),
        "versions": versions(PACKAGES),
        "folds": folds,
        "e2ep": {
            METRIC: float(means.mean()),
            "sd": float(means.std(ddof=1)),
            "seeds": {str(seed): float(mean) for seed, mean in zip(numbers, means, strict=True)},
        },
        "tests": tested.model_dump(exclude={"dataset"}, exclude_unset=True),
    }
    found = {params["dataset"]: result}
    write_text(out, numbers_text((read_json(out) if out.exists() else {}) | found))
    print(numbers_text(found), end="")


def _numbers(seeds: str) -> list[int]:
    try:
        numbers = [int(seed) for seed in seeds.split(",")]
    except ValueError:
        raise InputError(
            f"--seeds {seeds}: a seed is a whole number; give two or more, such as 11,12,13"
        ) from None
    if len(set(numbers)) < 2:
        raise InputError(
            f"--seeds {seeds} is one seed; give two or more, as their deviation is reported"
        )
    return numbers


def _as_of_then(rows: SplitRows, rankings: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The rankings without what came after a user's last rating in train and valid."""
    data = rows.data(pd.concat([rows.train, rows.valid], ignore_index=True))
    there = ~not_arrived(data, np.arange(data.n_users))
    return {
        f"{name}, as of then": keep(ranking, np.take_along_axis(there, ranking, axis=1))
        for name, ranking in rankings.items()
    }


def _values(ranking: np.ndarray, truth: Truth) -> np.ndarray:
    """NDCG@10 of each user, (users,), NaN for one without a relevant test film."""
    return full(mark(ranking, truth, K), K)["ndcg"]


def _each_of(rankings: dict[str, np.ndarray], truth: Truth) -> dict[str, np.ndarray]:
    return {name: _values(ranking, truth) for name, ranking in rankings.items()}


def _each(fits: Sequence[Fit], workers: int) -> Iterator[np.ndarray]:
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield from pool.map(Fit.ranking, fits)


if __name__ == "__main__":
    typer.run(main)
