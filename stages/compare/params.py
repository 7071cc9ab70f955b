"""The section `compare:` of params.yaml."""

from typing import Annotated

from pydantic import AfterValidator, Field

from stages.core.params import Section


def checked_pair(pair: str) -> str:
    """`pair`, or a ValueError where it does not name two strategies with a hyphen between."""
    first, _, second = pair.partition("-")
    if not (first.isidentifier() and second.isidentifier()) or first == second:
        raise ValueError("name two explained strategies with a hyphen between, such as scored-none")
    return pair


class CompareParams(Section):
    """Which explanations a judge compares; none, unless a pair is listed."""

    pairs: tuple[Annotated[str, AfterValidator(checked_pair)], ...] = ()
    """Pairs of `rerank.reasons.strategies`; scored-none asks how often scored explains better."""

    users: int = Field(50, ge=1)
    """Size of a seeded sample of users, at most; each is asked about twice."""
