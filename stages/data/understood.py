"""What an import understood of a person's files, before anything is written."""

from dataclasses import dataclass


@dataclass(frozen=True)
class LeftOut:
    """Rows that are not imported, or values that count as unknown, for one reason.

    first_line: where the first one stands, if that is known; example: its value as written.
    """

    reason: str
    rows: int
    first_line: int | None
    example: str
