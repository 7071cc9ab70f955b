"""How much of the differences between the paper's models is luck of the seed?

    python benchmarks/paper_seeds.py --set @experiments/ml-100k-as-released.yaml
    python benchmarks/paper_seeds.py --set @experiments/ml-100k.yaml --ablation no-cosine

Full NDCG@10 on the test rows of each fold. Needs the data set and its texts: `e2ep embed --set
FILE` with the same file. Each fit is kept in results/paper_seeds.parquet at once, so that a call
that was ended continues where it stopped, here or from another checkout; a fit whose parameters
have changed is made again. All seeds come first on fold-1, then on fold-2 and so on, and
results/paper_seeds.json has the means and differences of what is there. Lists that the run itself
has made are taken as they are. An ablation is one of experiments/ablations.yaml, on the models
that it compares, or `--also` with a `--name`.
"""

import time
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from machine import machine, versions
from seed_fits import AskedFit, ndcg_of, numbers, rankings
from seed_plan import SeedPlan, named_change, seed_plan
from seed_statistics import HOW, summary
from seed_store import SeedStore, made_with

from stages.contracts.splits import every_split, family_of, further
from stages.core.errors import InputError, MissingError, one_sentence
from stages.core.files import write_text
from stages.core.log import progress
from stages.core.tables import read_json
from stages.evaluate.artifacts import Artifacts
from stages.evaluate.output.numbers import numbers_text
from stages.evaluate.results import split_truth
from stages.train.fitting.sources import Sources

STORE = Path(__file__).parent / "results" / "paper_seeds.parquet"
PACKAGES = ("numpy", "scipy", "torch")
ACROSS = {
    "released text less a fair start": (
        ("ml-100k-as-released published", "unified"),
        ("ml-100k-as-released fair-start", "gat"),
    ),
    "rules' text less a fair start": (
        ("ml-100k-as-released", "unified"),
        ("ml-100k-as-released fair-start", "gat"),
    ),
    "released text less rules' text": (
        ("ml-100k-as-released published", "unified"),
        ("ml-100k-as-released", "unified"),
    ),
}
"""Name → settings and model of either side, where both are changed."""


@one_sentence
def main(
    settings: Annotated[str, typer.Option("--set", help="@FILE, as of `e2ep run`.")],
    ablation: Annotated[
        str | None, typer.Option(help="One of experiments/ablations.yaml, on top.")
    ] = None,
    also: Annotated[
        list[str] | None, typer.Option(help="key=value on top, under the --name of its own.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="What --also is called.")] = None,
    models: Annotated[
        str | None, typer.Option(help="Default: gat,integrated,unified; an ablation's own.")
    ] = None,
    seeds: Annotated[str, typer.Option(help="Two or more.")] = "7,11,12,13,14",
    splits: Annotated[str | None, typer.Option(help="Default: all folds.")] = None,
    artifacts: Annotated[
        Path | None, typer.Option(help="Of another run, with the same data and texts.")
    ] = None,
    minutes: Annotated[float, typer.Option(help="No fit begins after these.")] = 1e6,
    workers: Annotated[int, typer.Option(min=1, help="Fits at once.")] = 1,
    store: Annotated[Path, typer.Option(help="Where fits are kept; the summary beside it.")] = (
        STORE
    ),
) -> None:
    """Make the fits that are not kept yet, and write means and differences."""
    names = models.split(",") if models else []
    plan = seed_plan(settings, named_change(ablation, also or [], name, names), names, artifacts)
    folds = [split for split in every_split(plan.params) if family_of(split) == "fold"]
    at = splits.split(",") if splits else folds
    if unknown := set(at) - set(folds):
        raise InputError(f"--splits names {min(unknown)}, which {settings} does not have")
    kept = SeedStore(store)
    hashes = {model: made_with(model, plan.params) for model in plan.models}
    asked = [
        AskedFit(m, split, seed) for split in at for seed in numbers(seeds) for m in plan.models
    ]
    missing = kept.without(plan.name, asked, hashes)
    fitted = _fitted(missing, plan, workers, time.monotonic() + 60 * minutes)
    for fit, values in progress(fitted, "paper_seeds: fits", len(missing)):
        kept.keep(plan.name, hashes[fit.model], fit, values)
        _summarise(kept, plan, store.with_suffix(".json"))
    _summarise(kept, plan, store.with_suffix(".json"))


def _fitted(
    missing: list[AskedFit], plan: SeedPlan, workers: int, until: float
) -> Iterator[tuple[AskedFit, np.ndarray]]:
    """Each fit with NDCG@10 of the users, (users,): of the run's own list, or fitted now."""
    params, made = plan.params, plan.artifacts
    source = Artifacts(made / "prepare", made, further(params).splits)
    people = source.people()
    n_users = len(people.user_ids)
    truths = {split: split_truth(source, split, people) for split in {fit.split for fit in missing}}
    rest = []
    for fit in missing:
        made_already = plan.is_own and fit.seed == params["seed"]
        ranking = _list_of(source, fit, n_users) if made_already else None
        if ranking is None:
            rest.append(fit)
        else:
            yield fit, ndcg_of(ranking, truths[fit.split])
    sources = Sources(made / "prepare", made / "enrich/movies.parquet", made / "embed")
    timely = (fit for fit in rest if time.monotonic() < until)
    for number, ranking in rankings(timely, plan.models, params, sources, n_users, workers):
        yield rest[number], ndcg_of(ranking, truths[rest[number].split])


def _list_of(source: Artifacts, fit: AskedFit, n_users: int) -> np.ndarray | None:
    """The list that the run itself has made, if it has."""
    try:
        return source.candidates(fit.split, fit.model, n_users)
    except MissingError:
        return None


def _summarise(kept: SeedStore, plan: SeedPlan, out: Path) -> None:
    """Write the means and differences of what is kept of these settings."""
    fits = kept.values(plan.name)
    pairs = [(later, earlier) for earlier, later in combinations(plan.models, 2)]
    if plan.compare:
        ablated = {fit._replace(model=f"{fit.model}*"): row for fit, row in fits.items()}
        fits = kept.values(plan.base) | ablated
        pairs = [(f"{model}*", other) for model, other in plan.compare.items()]
    found = read_json(out) if out.exists() else {}
    found |= {"how": HOW, "machine": machine(), "versions": versions(PACKAGES)}
    if pairs:  # of one model alone there is no difference to tell
        found[plan.name] = summary(fits, pairs, plan.params["seed"])
    for name, sides in ACROSS.items():
        labels = [" ".join(side) for side in sides]
        values = {
            fit._replace(model=label): row
            for label, (settings, model) in zip(labels, sides, strict=True)
            for fit, row in kept.values(settings).items()
            if fit.model == model
        }
        if across := summary(values, [(labels[0], labels[1])], plan.params["seed"]):
            found[name] = across
    write_text(out, numbers_text(found))


if __name__ == "__main__":
    typer.run(main)
