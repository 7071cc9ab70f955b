"""Which ranking is shown where none is asked for: the base's own, unless another is better.

The evidence is `fitted` in rerank.json, NDCG@10 on validation rows: always there for a computed
strategy, for one that asks a judge with `rerank.fit_weight`. No test row is involved.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stages.contracts.metrics.rerankings import RerankingEffect

_ALONE = "0.00"
"""The weight at which a fused ranking is the base's own, as rerank.json writes it."""


@dataclass(frozen=True)
class ShownStrategy:
    """The strategy that is shown, the share of its values in the order, and why it is shown.

    At a weight of 0 the order is the base's own; `name` then only says whose reasons there are.
    """

    name: str
    weight: float
    why: str


def default_strategy(
    effects: Mapping[str, RerankingEffect],
    showable: Sequence[str],
    made_at: Mapping[str, float] | None = None,
) -> ShownStrategy:
    """The best on validation rows if it beats the base there, else the base's own order.

    Its weight is the fitted one, or the only one at which its list was made, `made_at`. The base's
    own order is `none`, or the first strategy at a weight of 0 if `showable` lacks `none`.
    """
    best, measured = ShownStrategy("none", 0.0, ""), False
    most = 0.0
    for name in showable:
        fit = effects[name].fitted if name in effects else None
        if fit is None:
            continue
        weight = fit.weight if made_at is None else made_at[name]
        own, alone = fit.valid_ndcg.get(f"{weight:.2f}"), fit.valid_ndcg[_ALONE]
        if own is None:
            continue
        measured = True
        if own > max(alone, most):
            why = f"the best on validation rows: NDCG@10 {own:.3f}, {alone:.3f} for the graph"
            best, most = ShownStrategy(name, weight, why), own
    if best.why:
        return best
    if "none" in showable or not showable:
        lack = "is better" if measured else "was measured"
        return ShownStrategy("none", 0.0, f"no strategy {lack} on validation rows")
    why = "the graph's own order, with the reasons of the first that is explained"
    return ShownStrategy(showable[0], 0.0, why)
