"""record.json: what made the numbers."""

from pydantic import Field

from stages.contracts.rows import Row
from stages.contracts.splits import Further


class RunRecord(Row):
    """record.json: what made the numbers. An older revision's record lacks what was added later.

    params: hash by section. data: checksum by file. versions: None where a package is missing.
    answered_by: the chat models. labels: sentences that go with the numbers.
    """

    params: dict[str, str] = Field(default_factory=dict)
    data: dict[str, str] | None = None
    seed: int | None = None
    versions: dict[str, str | None] = Field(default_factory=dict)
    splits: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    strategies: tuple[str, ...] = ()
    further: Further = Further()
    explained: tuple[str, ...] = ()
    compared: tuple[str, ...] = ()
    answered_by: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
