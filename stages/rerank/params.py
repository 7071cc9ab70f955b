"""The section `rerank:` of params.yaml; each strategy's own section is the Config in its file."""

from typing import Any, Literal

from pydantic import Field, NonNegativeInt

from stages.contracts.fusion import PAPER_WEIGHT
from stages.contracts.plan import ReasonsParams
from stages.core.params import Section


class RerankParams(Section):
    """Whose candidates are judged, of which models."""

    bases: tuple[str, ...] = Field(("e2ep",), min_length=1)
    """Models whose candidates are reranked."""

    users: Literal["test", "all"] | NonNegativeInt = "all"
    """`test` is everybody with a relevant test item, a number is a seeded draw of so many."""

    titles: int = Field(10, ge=0)
    """How many of the user's liked films the judge is shown."""

    fit_weight: bool = False
    """Whether validation candidates are judged too, for a fusion weight that is fitted on them."""

    fusion_weight: float = Field(PAPER_WEIGHT, ge=0, le=1)
    """The judge's share in a fused ranking; the graph's order has the rest."""

    reasons: ReasonsParams = ReasonsParams()
    """For which lists the judge is asked for reasons."""

    strategies: dict[str, dict[str, Any]] = Field({})
    """Each strategy's own settings."""
