"""A figure of claims.yaml as a number with its interval, from where it is committed."""

import csv
from pathlib import Path
from typing import Any, NamedTuple

from e2ep_cli.ablating.record import known_rows
from stages.contracts.metrics.files import read_intervals
from stages.contracts.metrics.numbers import Difference
from stages.core.errors import InputError
from stages.core.files import existing
from stages.core.tables import read_json
from stages.report.words import signed
from tools.contents.rankings import NDCG
from tools.reproducing.claims import ClaimFigure

PAIRS_FILE = Path("docs") / "paper_pairs.csv"
SEEDS = Path("benchmarks") / "results" / "paper_seeds.json"
ONE_SEED = "one seed"


class Margin(NamedTuple):
    """A difference, its 95 % interval, and of what it is."""

    difference: float
    low: float
    high: float
    of: str

    def __str__(self) -> str:
        return f"{signed(self.difference)} ({signed(self.low)} to {signed(self.high)}; {self.of})"


def measured_of(figure: ClaimFigure) -> Margin | None:
    """The figure's number, or None where it has not been measured yet."""
    if figure.released:
        return _released(figure)
    if figure.seeds:
        return _of_seeds(figure.seeds, figure.pair)
    if figure.run and isinstance(figure.pair, tuple):
        place, split = figure.run.split()
        return _of_run(place, split, *figure.pair)
    if figure.ablated:
        return _ablated(figure.ablated, figure.ranking)
    raise InputError(f"claims.yaml: {figure.name!r} names no number")


def _released(figure: ClaimFigure) -> Margin | None:
    with existing(PAIRS_FILE).open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if (row["ranking"], row["other"]) == figure.released and (
                row["users"],
                row["protocol"],
            ) == (figure.users, figure.protocol):
                middle, low, high = (float(row[name]) for name in ("difference", "low", "high"))
                return Margin(middle, low, high, f"their lists, {row['counted']} users")
    return None


def _of_seeds(settings: str, pair: str | tuple[str, str] | None) -> Margin | None:
    """Of the block with the most fits among those with more than one seed, or of any."""
    known: dict[str, Any] = read_json(SEEDS) if SEEDS.exists() else {}
    blocks = known.get(settings, {}).values()
    largest = max(
        blocks,
        key=lambda block: (
            len(block["seeds"]) > 1,
            len(block["seeds"]) * len(block["splits"]),
        ),
        default=None,
    )
    if largest is None:
        return None
    less = largest["less"]
    row = less[pair] if isinstance(pair, str) else next(iter(less.values()))
    return Margin(row["mean"], row["low"], row["high"], block_words(largest))


def block_words(block: dict[str, Any]) -> str:
    """The seeds and splits of a block."""
    splits, seeds = block["splits"], len(block["seeds"])
    where = splits[0] if len(splits) == 1 else f"{len(splits)} folds"
    return f"{ONE_SEED if seeds == 1 else f'{seeds} seeds'}, {where}"


def _of_run(place: str, split: str, ranking: str, other: str) -> Margin | None:
    path = Path("metrics") / place / "intervals.json"
    tests = read_intervals(path).splits.get(split) if path.exists() else None
    if tests is None:
        return None
    known: Difference | None = tests.between.get(ranking, {}).get(other)
    sign = 1
    if known is None and (turned := tests.between.get(other, {}).get(ranking)):
        known, sign = turned, -1
    if known is None and ranking in tests.metrics[NDCG]:
        to_base = tests.metrics[NDCG][ranking].to_base
        known = to_base if to_base and to_base.against == other else None
    if known is None:
        return None
    low, high = sorted((sign * known.low, sign * known.high))
    of = f"{ONE_SEED}, {split}, {tests.users} users"
    return Margin(sign * known.difference, low, high, of)


def _ablated(name: str, ranking: str | None) -> Margin | None:
    for row in known_rows(Path(), "ml-100k"):
        if (row.ablation, row.ranking, row.splits, row.metric) == (name, ranking, "fold-1", NDCG):
            values = (row.difference or 0.0, row.low or 0.0, row.high or 0.0)
            return Margin(*values, f"{ONE_SEED}, fold-1")
    return None
