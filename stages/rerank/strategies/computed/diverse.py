"""diverse: the list holds items that are unlike each other, by their profiles' embeddings.

The order is in stages/contracts/beyond/diverse.py; metrics/<dataset>/trade_offs.csv has what each
value of the knob costs and brings.
"""

from pydantic import Field

from stages.contracts.beyond.diverse import diverse_order
from stages.core.errors import MissingError
from stages.rerank.computed import ComputedStrategy, PoolValues
from stages.rerank.known import Known
from stages.rerank.matrices import in_matrices
from stages.rerank.strategy import PoolConfig


class Config(PoolConfig):
    """The knob, and what there is to choose from."""

    pool: int = Field(100, ge=2, le=100)
    """How many of the base model's first candidates the list is chosen from."""

    knob: float = Field(0.55, ge=0, le=1)
    """0 keeps the base's order, 1 looks at diversity alone. The value set costs about one per cent
    of NDCG@10 on the validation rows of MovieLens 100K."""


class Diverse(ComputedStrategy):
    """Maximal marginal relevance."""

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self.knob = config.knob

    def values(self, known: Known) -> PoolValues:
        vectors = known.item_vectors
        if vectors is None:
            raise MissingError("diverse needs profile embeddings; add unified to embed.forms")
        return PoolValues(
            *(
                in_matrices(
                    pools, lambda pool, scores: diverse_order(pool, scores, vectors, self.knob)
                )
                for pools in (known.valid, known.test)
            )
        )


STRATEGY = Diverse
