"""Which ranking is shown first: the graph's own, unless a strategy is better on validation rows.

The evidence is `fitted` in rerank.json (`rerank.fit_weight`); no test row is involved.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from e2ep_cli.project.places import looked_up, output, root
from stages.contracts.metrics.files import read_rerank
from stages.contracts.metrics.rerankings import RerankingEffect

ShowingStage = Literal["rerank", "explain"]
"""The stage that makes what is shown: a list, or a list with reasons."""
_GRAPH_ALONE = "0.00"
"""The weight at which a fused ranking is the graph's own, as rerank.json writes it."""


@dataclass(frozen=True)
class ShownStrategy:
    """A strategy, the judge's share in its ranking, and why it is shown unless it was asked for."""

    name: str
    weight: float
    why: str = ""


def shown_strategy(
    params: dict[str, Any], base: str, asked: str | None, stage: ShowingStage
) -> ShownStrategy:
    """The strategy that was asked for, or else the default of what the stage has made."""
    weight = float(looked_up(params, "rerank.fusion_weight"))
    if asked is not None:
        return ShownStrategy(asked, weight)
    made = made_strategies(params, base, stage)
    # The graph's own list is that of the model, so it needs no reranking.
    showable = ["none", *made] if stage == "rerank" else made
    return default_strategy(_effects(params, base), showable, weight)


def default_strategy(
    effects: Mapping[str, RerankingEffect], showable: Sequence[str], weight: float
) -> ShownStrategy:
    """The best on validation rows with its fitted weight if it beats the graph there, else `none`.

    weight: of the fallback, the first of `showable` where it lacks `none`.
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
    why = "the first that is explained, as rerank.reasons.strategies lacks none"
    return ShownStrategy(showable[0], weight, why)


def made_strategies(params: dict[str, Any], base: str, stage: ShowingStage) -> list[str]:
    """The strategies that the stage has made for a base, those of params.yaml first."""
    dataset, split = params["dataset"], params["splits"][0]
    path = output(stage, dataset=dataset, split=split, base=base, strategy="*")
    pattern = path.relative_to(root())
    at = pattern.parts.index("*")
    made = sorted(each.relative_to(root()).parts[at] for each in root().glob(str(pattern)))
    listed = [name for name in looked_up(params, "rerank.reasons.strategies") if name in made]
    return [*listed, *(name for name in made if name not in listed)]


def _effects(params: dict[str, Any], base: str) -> Mapping[str, RerankingEffect]:
    """Strategy → what rerank.json knows about it on the first split; empty before evaluate ran."""
    path = output("evaluate", dataset=params["dataset"]).parent / "rerank.json"
    if not path.exists():
        return {}
    return read_rerank(path).get(params["splits"][0], {}).get(base, {})
