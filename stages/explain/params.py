"""The section `explain:` of params.yaml."""

from pydantic import Field

from stages.core.params import Section


class ExplainParams(Section):
    """Which rankings are explained, and how far down."""

    strategies: tuple[str, ...] = Field(("scored",), min_length=1)
    """Rerank strategies whose lists are explained; the first is what `e2ep explain` shows."""

    k: int = Field(10, ge=1, le=100)
    """How many films of each list."""

    claims: int = Field(3, ge=1)
    """Claims a film at most."""
