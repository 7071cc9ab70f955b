"""The section `probe:` of params.yaml."""

from pydantic import Field

from stages.core.params import Section


class ProbeParams(Section):
    """How explanations are probed."""

    users: int = Field(50, ge=1)
    """Users probed at most, drawn by the seed."""

    draws: int = Field(3, ge=1)
    """Draws of other ratings to compare with the cited ones."""
