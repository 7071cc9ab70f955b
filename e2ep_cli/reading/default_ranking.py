"""What the default ranking is chosen from: the lists that were made, and how good they are."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from stages.contracts.metrics.files import read_rerank
from stages.contracts.metrics.rerankings import RerankingEffect

ShowingStage = Literal["rerank", "explain"]
"""The stage that makes what is shown: a list, or a list with reasons."""


def strategies_in(lists: Path, listed: Sequence[str]) -> list[str]:
    """The strategies of which there are lists, the `listed` ones first.

    lists: the path of a strategy's list, with `*` for the strategy.
    """
    at = lists.parts.index("*")
    above, below = Path(*lists.parts[:at]), Path(*lists.parts[at:])
    made = sorted(path.parts[at] for path in above.glob(str(below)))
    first = [name for name in listed if name in made]
    return [*first, *(name for name in made if name not in first)]


def measured_effects(metrics: Path, split: str, base: str) -> Mapping[str, RerankingEffect]:
    """Strategy → what rerank.json in the folder `metrics` knows of it; empty without that file."""
    path = metrics / "rerank.json"
    return read_rerank(path).get(split, {}).get(base, {}) if path.exists() else {}
