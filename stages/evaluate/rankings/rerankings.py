"""rerank.json: how far each reranking moves its base, what the fitted weight is, how often the judge contradicts itself."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from stages.contracts.rows import Judgement
from stages.evaluate.rankings.agreement import agreement
from stages.evaluate.rankings.fitting import Fit
from stages.evaluate.rankings.pool import Pool, alone, fused

Compared = dict[str, dict[str, Any]]
"""fused, alone, fitted → users, tau, unchanged and what else there is to say; both → pairs, disagreed;
questions → how many came to which outcome, one without a usable label being invalid."""


def compared(
    pool: Pool, weight: float, fit: Fit | None, judgements: Iterable[Judgement]
) -> Compared:
    """One strategy's entry. `both` counts the pairs asked in both orders and the ones answered differently."""
    judgements = list(judgements)
    found = {
        "fused": {**asdict(agreement(pool.items, fused(pool, weight))), "weight": weight},
        "alone": asdict(agreement(pool.items, alone(pool))),
        "both": both_ways(judgements),
        "questions": dict(sorted(Counter(one.outcome for one in judgements).items())),
    }
    if fit:
        values = {f"{step:.2f}": round(value, 5) for step, value in fit.ndcg.items()}
        moved = asdict(agreement(pool.items, fused(pool, fit.weight)))
        found["fitted"] = {**moved, "weight": fit.weight, "valid_ndcg@10": values}
    return {name: values for name, values in found.items() if values}


def both_ways(judgements: Iterable[Judgement]) -> dict[str, int]:
    """Pairs that were asked and answered in both orders, and those of them with two winners; nothing where none was."""
    winners: dict[tuple[str, frozenset[str]], dict[tuple[str, ...], str]] = defaultdict(dict)
    for one in judgements:
        if len(one.shown) == 2 and one.order:
            winners[one.user_id, frozenset(one.shown)][one.shown] = one.order[0]
    asked = [set(said.values()) for said in winners.values() if len(said) == 2]
    return (
        {"pairs": len(asked), "disagreed": sum(len(said) == 2 for said in asked)} if asked else {}
    )


def without_effect(rerankings: dict[str, dict[str, dict[str, Compared]]]) -> Iterator[str]:
    """A sentence for each reranking that changes nobody's pool."""
    for split, bases in rerankings.items():
        for base, strategies in bases.items():
            for strategy, entry in strategies.items():
                if entry["fused"]["unchanged"] == 1:
                    users = f"{entry['fused']['users']:,} users"
                    yield (
                        f"{base}+{strategy} on {split} leaves the order of all {users} as it was; see the outcomes of "
                        f"{strategy} in llm.json and rerank.fusion_weight in params.yaml"
                    )
