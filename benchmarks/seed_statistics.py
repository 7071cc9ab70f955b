"""Means and differences of models over splits and seeds, with intervals for users and seeds alike.

A user's value is the mean over the splits that count them; a seed is drawn with all its splits.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from seed_fits import AskedFit

from stages.core.seeds import generator
from stages.evaluate.statistics.resampling import LEVEL

RESAMPLES = 4999
HOW = {
    "mean": "NDCG@10, full protocol: mean over users and seeds, "
    "a user's value the mean over the splits that count them",
    "sd": "standard deviation of the seeds' means",
    "low, high": f"bootstrap percentile interval, {LEVEL:.0%}, users and seeds drawn alike; "
    "of n seeds n - 1 are drawn (Rao and Wu, JASA 1988); with one seed, users alone",
    "resamples": RESAMPLES,
}
Pair = tuple[str, str]
"""A model, and the one that it is compared with."""
Fits = Mapping[AskedFit, np.ndarray]


class Block(NamedTuple):
    """Splits on which all of these seeds were fitted."""

    splits: tuple[str, ...]
    seeds: tuple[int, ...]

    @property
    def name(self) -> str:
        """Such as `fold-1, 5 seeds` or `5 splits, 1 seed`."""
        of = self.splits[0] if len(self.splits) == 1 else f"{len(self.splits)} splits"
        return f"{of}, {len(self.seeds)} seed{'s' if len(self.seeds) > 1 else ''}"

    def matrix(self, fits: Fits, model: str) -> np.ndarray:
        """A model's values, (seeds, users), NaN for a user whom no split counts."""
        rows = []
        for seed in self.seeds:
            values = np.stack([fits[AskedFit(model, split, seed)] for split in self.splits])
            counted = np.sum(~np.isnan(values), axis=0)
            total = np.nansum(values, axis=0, dtype=np.float64)
            rows.append(np.where(counted > 0, total / np.maximum(counted, 1), np.nan))
        return np.stack(rows)


def blocks(fits: Iterable[AskedFit], models: Iterable[str]) -> list[Block]:
    """Every set of seeds that a split has for all models, with all splits that have these seeds."""
    models = set(models)
    have: dict[tuple[str, int], set[str]] = {}
    for fit in fits:
        have.setdefault((fit.split, fit.seed), set()).add(fit.model)
    whole = sorted(place for place, found in have.items() if models <= found)
    of = {split: {seed for at, seed in whole if at == split} for split, _ in whole}
    sets = {tuple(sorted(seeds)) for seeds in of.values()}
    found = [
        Block(tuple(split for split in of if of[split] >= set(seeds)), seeds) for seeds in sets
    ]
    return sorted(found, key=lambda block: (-len(block.seeds), block.splits))


def summary(fits: Fits, pairs: Sequence[Pair], seed: int) -> dict[str, Any]:
    """Block → the means of all models in the pairs, and each pair's difference."""
    models = list(dict.fromkeys(model for pair in reversed(pairs) for model in reversed(pair)))
    return {block.name: _block(fits, block, models, pairs, seed) for block in blocks(fits, models)}


def _block(
    fits: Fits, block: Block, models: Sequence[str], pairs: Sequence[Pair], seed: int
) -> dict[str, Any]:
    values = {model: block.matrix(fits, model) for model in models}
    return {
        "splits": list(block.splits),
        "seeds": list(block.seeds),
        "users": int((~np.isnan(values[models[0]][0])).sum()),
        "models": {model: measured(values[model], seed) for model in models},
        "less": {
            f"{model} - {other}": measured(values[model] - values[other], seed)
            for model, other in pairs
        },
    }


def measured(values: np.ndarray, seed: int) -> dict[str, float]:
    """Mean, its deviation over the seeds, and its interval; values: (seeds, users)."""
    counted = values[:, ~np.isnan(values).any(axis=0)]
    low, high = interval(counted, seed)
    means = counted.mean(axis=1)
    sd = {"sd": float(means.std(ddof=1))} if len(means) > 1 else {}
    return {"mean": float(means.mean()), "low": low, "high": high} | sd


def interval(values: np.ndarray, seed: int) -> tuple[float, float]:
    """Percentile interval of the mean of values (seeds, users), both resampled."""
    draw, (seeds, users) = generator(seed, "bootstrap", "users and seeds"), values.shape
    drawn = max(seeds - 1, 1)
    # How often each seed and each user is drawn: (resamples, seeds) and (resamples, users)
    of_seeds = draw.multinomial(drawn, np.full(seeds, 1 / seeds), RESAMPLES) / drawn
    of_users = draw.multinomial(users, np.full(users, 1 / users), RESAMPLES) / users
    means = ((of_seeds @ values) * of_users).sum(axis=1)
    low, high = np.quantile(means, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)
