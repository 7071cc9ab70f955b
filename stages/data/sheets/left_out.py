"""What an import understood of a person's files, before anything is written."""

from dataclasses import dataclass


@dataclass(frozen=True)
class LeftOut:
    """Rows that are not imported, or values that count as unknown, for one reason.

    first_line: where the first one stands, if that is known; example: its value as written.
    column: whose values are unknown, in rows that stay; empty if the rows themselves are left out.
    of: how many values there are, or rows. file: the name of the file.
    """

    reason: str
    rows: int
    first_line: int | None
    example: str
    column: str = ""
    of: int = 0
    file: str = ""

    @property
    def why(self) -> str:
        """The reason, and the first value and line that it is about."""
        if not self.first_line:
            return self.reason
        example = f"{self.example!r} " if self.example else ""
        return f"{self.reason}; the first is {example}on line {self.first_line}"

    def note(self, file: str = "") -> str:
        """The same as a sentence for a person."""
        count = f"{self.rows:,} of {self.of:,}" if self.of else f"{self.rows:,}"
        what = (
            f"values of {self.column} left out as unknown, being"
            if self.column
            else "rows left out:"
        )
        return f"{file or self.file}: {count} {what} {self.why}"
