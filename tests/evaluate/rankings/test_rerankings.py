"""The entries of rerank.json."""

from stages.contracts.metrics.rerankings import (
    Agreement,
    BothOrders,
    FusedAgreement,
    RerankingEffect,
)
from stages.contracts.rows import Judgement
from stages.evaluate.rankings.rerankings import both_orders, without_effect


def asked(user: str, shown: str, best: str | None) -> Judgement:
    outcome = "answered" if best else "invalid"
    order = (best,) if best else None
    return Judgement(
        user_id=user, shown=tuple(shown), scores=None, order=order, outcome=outcome, model="rules"
    )


def test_pairs_asked_both_ways_and_contradictions_are_counted_by_user() -> None:
    judgements = [
        *(asked("1", "ab", "a"), asked("1", "ba", "a")),
        *(asked("1", "cd", "c"), asked("1", "dc", "d")),
        *(asked("2", "ab", "a"), asked("3", "ba", "b")),
        *(asked("2", "cd", "c"), asked("2", "dc", None)),
        asked("1", "abc", "a"),
    ]
    assert both_orders(judgements) == BothOrders(pairs=2, disagreed=1)


def test_nothing_is_said_where_no_pair_was_asked_both_ways() -> None:
    assert both_orders([asked("1", "ab", "a")]) is None


def test_only_rerankings_that_change_nobody_are_named() -> None:
    shares = {"prompt": 1.0, "scored": 0.99, "setwise": None}
    alone = Agreement(users=5, tau=None, unchanged=None)
    entries = {
        name: RerankingEffect(
            fused=FusedAgreement(users=5, tau=None, unchanged=share, weight=0.8), alone=alone
        )
        for name, share in shares.items()
    }
    [sentence] = without_effect({"fold-1": {"e2ep": entries}})
    assert sentence.startswith("e2ep+prompt on fold-1 leaves the order of all 5 users as it was")
