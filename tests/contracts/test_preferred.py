"""Which ranking is shown first, by what is known of it on validation rows."""

from collections.abc import Mapping, Sequence

import pytest

from stages.contracts.metrics.preferred import ShownStrategy, default_strategy
from stages.contracts.metrics.rerankings import (
    Agreement,
    FittedAgreement,
    FusedAgreement,
    RerankingEffect,
)

MOVED = {"users": 2, "tau": 0.5, "unchanged": 0.0}


def effect(valid: Mapping[str, float] | None) -> RerankingEffect:
    """A reranking with these values of NDCG@10 on valid by weight, or never measured there."""
    fitted = None
    if valid is not None:
        weight = float(max(valid, key=lambda at: (valid[at], -float(at))))
        fitted = FittedAgreement(**MOVED, weight=weight, **{"valid_ndcg@10": valid})
    alone = Agreement(**MOVED)
    return RerankingEffect(fused=FusedAgreement(**MOVED, weight=0.8), alone=alone, fitted=fitted)


WORSE = effect({"0.00": 0.3, "0.20": 0.29, "0.80": 0.2})
BETTER = effect({"0.00": 0.3, "0.20": 0.32, "0.80": 0.2})
BEST = effect({"0.00": 0.3, "0.20": 0.31, "0.80": 0.35})
COMPUTED = effect({"0.00": 0.3, "1.00": 0.31})
NO_BETTER = effect({"0.00": 0.3, "1.00": 0.3})
UNMEASURED = effect(None)


def chosen(
    effects: Mapping[str, RerankingEffect], showable: Sequence[str] = ("scored", "prompt", "none")
) -> tuple[str, float]:
    shown = default_strategy(effects, showable)
    return shown.name, shown.weight


@pytest.mark.parametrize("effects", [{}, {"scored": UNMEASURED}, {"scored": WORSE}])
def test_the_graphs_own_order_comes_first_where_no_strategy_is_better(
    effects: dict[str, RerankingEffect],
) -> None:
    assert chosen(effects) == ("none", 0.0)


def test_a_strategy_that_is_better_comes_first_with_its_fitted_weight() -> None:
    assert chosen({"scored": BETTER, "prompt": WORSE}) == ("scored", 0.2)
    assert chosen({"scored": BETTER, "prompt": BEST}) == ("prompt", 0.8)


def test_what_cannot_be_shown_is_not_chosen() -> None:
    assert chosen({"scored": BETTER, "pairwise": BEST}) == ("scored", 0.2)


def test_without_none_the_first_is_shown_and_says_that_it_is_not_proven_better() -> None:
    shown = default_strategy({"prompt": WORSE}, ["prompt", "scored"])
    why = "the graph's own order, with the reasons of the first that is explained"
    assert shown == ShownStrategy("prompt", 0.0, why)


@pytest.mark.parametrize(
    ("effects", "why"),
    [
        ({}, "no strategy was measured on validation rows"),
        ({"scored": WORSE}, "no strategy is better on validation rows"),
        ({"scored": BETTER}, "the best on validation rows: NDCG@10 0.320, 0.300 for the graph"),
    ],
)
def test_the_choice_says_why(effects: dict[str, RerankingEffect], why: str) -> None:
    assert default_strategy(effects, ["scored", "none"]).why == why


@pytest.mark.parametrize(
    ("effects", "showable", "shown"),
    [
        ({"scored": BEST}, ("scored", "none"), ("scored", 0.8)),
        ({"scored": BETTER}, ("scored", "none"), ("none", 0.0)),
        ({"scored": WORSE}, ("scored",), ("scored", 0.0)),
        ({}, ("scored",), ("scored", 0.0)),
        ({"scored": UNMEASURED}, ("scored", "none"), ("none", 0.0)),
        ({"learned": COMPUTED}, ("scored", "learned", "none"), ("learned", 1.0)),
        ({"learned": NO_BETTER}, ("learned", "none"), ("none", 0.0)),
    ],
)
def test_a_list_that_was_made_at_one_weight_counts_as_it_was_made(
    effects: dict[str, RerankingEffect], showable: tuple[str, ...], shown: tuple[str, float]
) -> None:
    made = default_strategy(effects, showable, {"scored": 0.8, "learned": 1.0, "none": 0.8})
    assert (made.name, made.weight) == shown
