"""rerank.json: how every reranking moves its base."""

from pydantic import Field

from stages.contracts.rows import Row


class Agreement(Row):
    """Kendall's τ of a reranked pool to its base order, and the share of users with τ = 1.

    users: those with two items or more in the pool; if there are none, the other two are None.
    """

    users: int
    tau: float | None
    unchanged: float | None


class FusedAgreement(Agreement):
    """The effect of the judge's and the base's order fused, with this weight for the judge."""

    weight: float


class FittedAgreement(FusedAgreement):
    """The effect of the weight that is best on validation rows; NDCG@10 there of every weight."""

    valid_ndcg: dict[str, float] = Field(alias="valid_ndcg@10")


class BothOrders(Row):
    """Pairs that were answered in both orders, and how many of them have two winners."""

    pairs: int
    disagreed: int


class RerankingEffect(Row):
    """How far one strategy moves its base, and the outcomes of its questions to the judge.

    alone: the judge's order; None if the strategy computes one, which is then `fused` as well.
    """

    fused: FusedAgreement
    alone: Agreement | None = None
    fitted: FittedAgreement | None = None
    both: BothOrders | None = None
    questions: dict[str, int] = Field(default_factory=dict)


Rerankings = dict[str, dict[str, dict[str, RerankingEffect]]]
"""rerank.json: split → base → strategy → its effect."""
