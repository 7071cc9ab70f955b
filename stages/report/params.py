"""The section `report:` of params.yaml."""

from pydantic import Field

from stages.core.params import Section


class ReportParams(Section):
    """What the page shows."""

    users: int = Field(10, ge=0, le=1000)
    """How many users are shown with their explained list."""
