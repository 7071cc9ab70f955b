"""The section `rerank:` of params.yaml; each strategy's own section is the Config in its file."""

from typing import Any, Literal

from pydantic import Field, NonNegativeInt

from stages.contracts.fusion import PAPER_WEIGHT
from stages.contracts.plan import ReasonsParams
from stages.contracts.shown import Detail
from stages.core.params import Section


class RerankParams(Section):
    """Which users' and which models' candidates are judged."""

    bases: tuple[str, ...] = Field(("e2ep",), min_length=1)
    """Models whose candidates are reranked."""

    users: Literal["test", "all"] | NonNegativeInt = "all"
    """`test` means every user with a relevant test item; a number is a seeded sample of them. On
    `next`, which has no test, a relevant validation item counts."""

    titles: int = Field(10, ge=0)
    """How many titles of the user's best liked films the judge is shown."""

    recent: int = Field(5, ge=0)
    """How many titles of the films that the user liked last it is shown beside them."""

    details: tuple[Detail, ...] = ("people", "overview")
    """What it is shown of a candidate besides title, year, genres and tags: `people`, and
    `overview` or `description` of its profile. Each costs tokens in every question."""

    fit_weight: bool = False
    """Whether validation candidates are judged too, so that a fusion weight is fitted on them."""

    fusion_weight: float = Field(PAPER_WEIGHT, ge=0, le=1)
    """The judge's share in a fused ranking; the rest is the graph's order."""

    reasons: ReasonsParams = ReasonsParams()
    """For which lists the judge is asked for reasons."""

    strategies: dict[str, dict[str, Any]] = Field({})
    """Each strategy's own settings."""
