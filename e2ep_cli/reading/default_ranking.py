"""Which ranking is shown first: the graph's own, unless a strategy is better on validation rows.

The evidence is `fitted` in rerank.json: always for a computed strategy, for one that asks a judge
with `rerank.fit_weight`. No test row is involved.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from stages.contracts.metrics.files import read_rerank
from stages.contracts.metrics.rerankings import RerankingEffect

ShowingStage = Literal["rerank", "explain"]
"""The stage that makes what is shown: a list, or a list with reasons."""
_GRAPH_ALONE = "0.00"
"""The weight at which a fused ranking is the graph's own, as rerank.json writes it."""


@dataclass(frozen=True)
class ShownStrategy:
    """The strategy shown by default, the judge's share in its ranking, and why it is shown."""

    name: str
    weight: float
    why: str


def default_strategy(
    effects: Mapping[str, RerankingEffect], showable: Sequence[str]
) -> ShownStrategy:
    """The best on validation rows with its fitted weight if it beats the graph there, else `none`.

    Where `showable` lacks `none`, the graph's order is that of the first at a weight of 0.
    """
    fits = {
        name: fitted
        for name in showable
        if name in effects and (fitted := effects[name].fitted) is not None
    }
    best = max(fits, key=lambda name: max(fits[name].valid_ndcg.values()), default=None)
    if best is not None:
        alone, fused = fits[best].valid_ndcg[_GRAPH_ALONE], max(fits[best].valid_ndcg.values())
        if fused > alone:
            why = f"the best on validation rows: NDCG@10 {fused:.3f}, {alone:.3f} for the graph"
            return ShownStrategy(best, fits[best].weight, why)
    if "none" in showable or not showable:
        lack = "is better" if fits else "was measured"
        return ShownStrategy("none", 0.0, f"no strategy {lack} on validation rows")
    why = "the graph's own order, with the reasons of the first that is explained"
    return ShownStrategy(showable[0], 0.0, why)


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
