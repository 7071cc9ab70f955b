"""How good is e2ep with seeds that no search has used, and how much of it is luck?

    python benchmarks/seeds.py [--set @experiments/ml-100k.yaml] [--families fold] [--out FILE]

Full NDCG@10 on the test rows of each split of a family. Needs the artifacts of `e2ep run --set
@experiments/ml-100k.yaml`: the splits and the baselines' lists are taken from there, e2ep is
trained anew, chosen on valid and refitted as in the pipeline. `tests` are those of
intervals.json, with the mean of the seeds as e2ep's value. If e2ep's `later` penalises items that
arrive after a user's last rating, each baseline is also compared without them, "as of then".
Other results in the same file are kept.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pandas as pd
import typer
from machine import machine, versions
from seed_fits import METRIC, AskedFit, ndcg_of, numbers, rankings

from e2ep_cli.project.overrides import changed_params, parsed_settings
from e2ep_cli.runs.run import run_for
from stages.contracts.splits import every_split, family_of, further, place_of, refits
from stages.core.errors import InputError, one_sentence
from stages.core.files import write_text
from stages.core.log import progress
from stages.core.params import check_section
from stages.core.tables import read_json
from stages.evaluate.artifacts import Artifacts
from stages.evaluate.output.numbers import numbers_text
from stages.evaluate.protocols.truth import Truth
from stages.evaluate.rankings.ranking import keep
from stages.evaluate.results import split_truth
from stages.evaluate.statistics.intervals import intervals
from stages.evaluate.statistics.places import Place, by_history, pooled
from stages.evaluate.statistics.resampling import Resampling
from stages.train.fitting.rows import SplitRows
from stages.train.fitting.sources import Sources, split_rows
from stages.train.models.e2ep.arrivals import not_arrived
from stages.train.models.e2ep.settings import Config

RESULT = Path(__file__).parent / "results" / "seeds.json"
PACKAGES = ("numpy", "scipy", "torch")
RESAMPLES = 4999
FEW = 20
"""Ratings in train and valid below which a user is also counted among those with few."""


@one_sentence
def main(
    settings: Annotated[
        str, typer.Option("--set", help="key=value or @FILE, as of `e2ep run`.")
    ] = ("@experiments/ml-100k.yaml"),
    seeds: Annotated[
        str,
        typer.Option(help="Other than the seed of params.yaml, with which settings were chosen."),
    ] = ("11,12,13"),
    families: Annotated[
        str, typer.Option(help="Families of splits, each with a result of its own.")
    ] = "fold",
    baselines: Annotated[str, typer.Option(help="Models to compare with.")] = "ease,ials",
    workers: Annotated[
        int | None, typer.Option(min=1, help="Trainings at once; default: as many as fit.")
    ] = None,
    out: Annotated[Path, typer.Option(help="File for the result.")] = RESULT,
) -> None:
    """Train with each seed on each split, and compare."""
    params = changed_params(Path(), parsed_settings([settings]))
    folder = run_for(Path(), parsed_settings([settings])).folder / "artifacts" / params["dataset"]
    chosen = numbers(seeds)
    for family in families.split(","):
        splits = [split for split in every_split(params) if family_of(split) == family]
        if not splits:
            raise InputError(
                f"--families names {family!r}, of which {settings} has no split; "
                f"take one of {', '.join(sorted(set(map(family_of, every_split(params)))))}"
            )
        name = f"{params['dataset']} {place_of(family, refits(params))}"
        found = {name: _result(params, folder, splits, chosen, baselines.split(","), workers)}
        write_text(out, numbers_text((read_json(out) if out.exists() else {}) | found))
        print(numbers_text(found), end="")


def _result(
    params: dict[str, Any],
    folder: Path,
    splits: Sequence[str],
    seeds: Sequence[int],
    baselines: Sequence[str],
    workers: int | None,
) -> dict[str, Any]:
    """e2ep's mean and deviation over the seeds, and its differences from the baselines."""
    config = check_section("train.e2ep", params["train"]["e2ep"], Config)
    source = Artifacts(folder / "prepare", folder, further(params).splits)
    people = source.people()
    n_users = len(people.user_ids)
    truths = [split_truth(source, split, people) for split in splits]
    sources = Sources(folder / "prepare", folder / "enrich/movies.parquet", folder / "embed")
    lists = [
        {name: source.candidates(split, name, n_users) for name in baselines} for split in splits
    ]
    others = [
        found | (_as_of_then(split_rows(sources, split, None), found) if config.later else {})
        for split, found in zip(splits, lists, strict=True)
    ]
    asked = [AskedFit("e2ep", split, seed) for split in splits for seed in seeds]
    ours = np.empty((len(splits), len(seeds), n_users))
    results = rankings(asked, ["e2ep"], params, sources, n_users, workers)
    for number, ranking in progress(results, "seeds: trainings", len(asked)):
        at = divmod(number, len(seeds))
        ours[at] = ndcg_of(ranking, truths[at[0]])
    places = [
        Place(
            split, {METRIC: {"e2ep": by_seed.mean(axis=0)} | _each_of(other, truth)}, truth.trained
        )
        for split, by_seed, other, truth in zip(splits, ours, others, truths, strict=True)
    ]
    family = pooled(family_of(splits[0]), tuple(places)) if len(places) > 1 else places[0]
    tested = intervals(
        params["dataset"],
        [family, *by_history([family], [FEW])],
        ["e2ep"],
        Resampling(RESAMPLES, params["seed"]),
    )
    means = np.nanmean(ours, axis=2).mean(axis=0)
    return {
        "machine": machine(),
        "versions": versions(PACKAGES),
        "splits": splits,
        "e2ep": {
            METRIC: float(means.mean()),
            "sd": float(means.std(ddof=1)),
            "seeds": {str(seed): float(mean) for seed, mean in zip(seeds, means, strict=True)},
        },
        "tests": tested.model_dump(exclude={"dataset"}, exclude_unset=True),
    }


def _as_of_then(rows: SplitRows, rankings: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The rankings without what came after a user's last rating in train and valid."""
    data = rows.data(pd.concat([rows.train, rows.valid], ignore_index=True))
    there = ~not_arrived(data, np.arange(data.n_users))
    return {
        f"{name}, as of then": keep(ranking, np.take_along_axis(there, ranking, axis=1))
        for name, ranking in rankings.items()
    }


def _each_of(rankings: dict[str, np.ndarray], truth: Truth) -> dict[str, np.ndarray]:
    return {name: ndcg_of(ranking, truth) for name, ranking in rankings.items()}


if __name__ == "__main__":
    typer.run(main)
