"""What an import understood of a person's files, before anything is written."""

from dataclasses import dataclass


@dataclass(frozen=True)
class LeftOut:
    """Rows that are not imported, or values that count as unknown, for one reason.

    first_line: where the first one stands, if that is known; example: its value as written.
    column: whose values are unknown, in rows that stay; empty if the rows themselves are left out.
    """

    reason: str
    rows: int
    first_line: int | None
    example: str
    column: str = ""

    def note(self, file: str) -> str:
        """The same as a sentence for a person."""
        if self.column:
            values = "value" if self.rows == 1 else "values"
            what = f"{values} of {self.column} left out as unknown, being {self.reason}"
        else:
            what = f"{'row' if self.rows == 1 else 'rows'} left out: {self.reason}"
        where = f" on line {self.first_line}" if self.first_line else ""
        first = f"; the first is {self.example!r}{where}" if self.example else ""
        return f"{file}: {self.rows:,} {what}{first}"
