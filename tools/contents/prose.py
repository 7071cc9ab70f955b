"""Single numbers of our own inside sentences."""

import csv
import math
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Literal

from stages.contracts.metrics.files import read_intervals
from stages.contracts.metrics.numbers import Difference
from stages.core.files import existing
from stages.core.tables import read_model
from tools.blocks import Context
from tools.contents.benchmarks import FOLDER, Embedding, Estimated
from tools.contents.rankings import NDCG
from tools.reproducing.cited import cited


def number(name: str, *arguments: str) -> Context:
    """The number that a function of this file gives, as text."""
    return {"text": _NUMBERS[name](*arguments)}


def _difference(dataset: str, split: str, model: str, other: str) -> str:
    """How far apart two models are in NDCG."""
    return f"{abs(_between(dataset, split, model, other).difference):.3f}"


def _detectable(dataset: str, split: str, model: str, other: str) -> str:
    """The smallest true difference between two models that the test would find."""
    return f"{_between(dataset, split, model, other).detectable:.3f}"


def _between(dataset: str, split: str, model: str, other: str) -> Difference:
    tests = read_intervals(Path("metrics") / dataset / "intervals.json").splits[split]
    pairs = tests.between
    return pairs.get(model, {}).get(other) or pairs[other][model]


def _search_gain(dataset: str, split: str, *models: str) -> str:
    """How much better a search's best trial did than its first, which has the usual settings."""
    gains = []
    for model in models:
        path = existing(Path("experiments") / "search" / dataset / split / f"{model}.csv")
        with path.open(encoding="utf-8", newline="") as lines:
            rows = [row for row in csv.DictReader(lines) if row["trial"] != "current"]
        values = [float(row[f"valid_{NDCG}"]) for row in rows]
        gains.append(max(values) - values[0])
    return f"{max(gains):.3f}"


def _paper_range(source: str) -> str:
    """How far apart the paper's own values of NDCG are."""
    values = [row.values["ndcg"] for row in cited(source.replace("-", " "))]
    return f"{max(values) - min(values):.2f}"


def _faster_embedding() -> str:
    """How many times as many profiles OpenVINO embeds as torch in the same time."""
    return f"{read_model(FOLDER / 'embed.json', Embedding).ratios['docs_per_second']:.1f}"


def _embedding_cosine() -> str:
    """The least cosine between the vectors that OpenVINO and torch make of a profile."""
    least = read_model(FOLDER / "embed.json", Embedding).cosine_min
    return f"{math.floor(least * 10_000) / 10_000:.4f}"


def _estimate(side: Literal["input", "output"]) -> str:
    """How many times the counted tokens `e2ep cost` estimates for all questions of a run."""
    kinds = read_model(FOLDER / "cost.json", Estimated).steps.values()
    return _range(getattr(tokens["all"], side).ratio for tokens in kinds)


def _estimate_by_kind() -> str:
    """The same for each kind of question, input and output."""
    kinds = read_model(FOLDER / "cost.json", Estimated).steps.values()
    return _range(
        side.ratio
        for tokens in kinds
        for kind, sides in tokens.items()
        if kind != "all"
        for side in (sides.input, sides.output)
    )


def _range(values: Iterable[float]) -> str:
    ordered = sorted(values)
    return f"{ordered[0]:.2f} to {ordered[-1]:.2f}"


_NUMBERS: dict[str, Callable[..., str]] = {
    "difference": _difference,
    "detectable": _detectable,
    "search_gain": _search_gain,
    "paper_range": _paper_range,
    "faster_embedding": _faster_embedding,
    "embedding_cosine": _embedding_cosine,
    "estimate": _estimate,
    "estimate_by_kind": _estimate_by_kind,
}
