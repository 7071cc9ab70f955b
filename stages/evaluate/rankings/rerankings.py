"""rerank.json: how far each reranking moves its base, and how often a judge contradicts itself."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from stages.contracts.metrics.rerankings import (
    BothOrders,
    FittedAgreement,
    FusedAgreement,
    RerankingEffect,
    Rerankings,
)
from stages.contracts.plan import COMPUTED_STRATEGIES
from stages.contracts.rows import Judgement
from stages.evaluate.rankings.agreement import agreement
from stages.evaluate.rankings.fitting import Fit
from stages.evaluate.rankings.pool import Pool, alone, fused


def reranking_effect(
    pool: Pool,
    weight: float,
    fit: Fit | None,
    judgements: Iterable[Judgement],
    computed: bool = False,
) -> RerankingEffect:
    """One strategy's entry; an answer without a usable label is invalid.

    computed: whether there is no judge whose order could stand alone.
    """
    judgements = list(judgements)
    moved = agreement(pool.items, fused(pool, weight))
    parts = {
        "fused": FusedAgreement(**dict(moved), weight=weight),
        "alone": None if computed else agreement(pool.items, alone(pool)),
        "both": both_orders(judgements),
        "questions": dict(sorted(Counter(judgement.outcome for judgement in judgements).items())),
    }
    if fit:
        moved = agreement(pool.items, fused(pool, fit.weight))
        values = {f"{step:.2f}": round(value, 5) for step, value in fit.ndcg.items()}
        parts["fitted"] = FittedAgreement(
            **dict(moved), weight=fit.weight, **{"valid_ndcg@10": values}
        )
    return RerankingEffect(**{name: value for name, value in parts.items() if value})


def both_orders(judgements: Iterable[Judgement]) -> BothOrders | None:
    """Pairs that were asked and answered in both orders; None if there are none."""
    winners: dict[tuple[str, frozenset[str]], dict[tuple[str, ...], str]] = defaultdict(dict)
    for judgement in judgements:
        if len(judgement.shown) == 2 and judgement.order:
            winners[judgement.user_id, frozenset(judgement.shown)][judgement.shown] = (
                judgement.order[0]
            )
    answered = [set(orders.values()) for orders in winners.values() if len(orders) == 2]
    if not answered:
        return None
    return BothOrders(pairs=len(answered), disagreed=sum(len(best) == 2 for best in answered))


def without_effect(rerankings: Rerankings) -> Iterator[str]:
    """A sentence for each reranking by a judge that changes nobody's pool."""
    for split, bases in rerankings.items():
        for base, strategies in bases.items():
            for strategy, effect in strategies.items():
                if effect.fused.unchanged == 1 and strategy not in COMPUTED_STRATEGIES:
                    yield (
                        f"{base}+{strategy} on {split} leaves the order of all "
                        f"{effect.fused.users:,} users as it was; see the outcomes of {strategy} "
                        "in llm.json and rerank.fusion_weight in params.yaml"
                    )
