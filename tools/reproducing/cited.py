"""docs/paper.csv: the paper's numbers and those of its released lists, each entered once."""

import csv
from dataclasses import dataclass
from pathlib import Path

from stages.core.files import existing
from stages.report.words import PAPER_METRICS

PAPER, FACTS = Path("docs") / "paper.csv", Path("docs") / "paper_facts.json"
TABLE_1, RELEASED = "Table 1", "released lists"
"""Its sources: what the paper prints, and what tools/reproducing/released.py measures."""


@dataclass(frozen=True)
class Cited:
    """One method's values at 10; `ranking` is our name for it, `+STEP` for a step on any base."""

    source: str
    users: str
    protocol: str
    method: str
    ranking: str
    values: dict[str, float]

    def ours(self, names: list[str]) -> list[str]:
        """Our rankings for it: the model itself, or its step on each base."""
        if not self.ranking.startswith("+"):
            return [name for name in names if name == self.ranking]
        return [name for name in names if name.endswith(self.ranking)]


def cited(source: str, protocol: str = "condensed", users: str | None = None) -> list[Cited]:
    """The rows of a source and protocol, in the paper's order; users: of these alone."""
    with existing(PAPER).open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["source"] == source]
    return [
        Cited(
            **{name: text for name, text in row.items() if name not in PAPER_METRICS},
            values={name: float(row[name]) for name in PAPER_METRICS if row[name]},
        )
        for row in rows
        if row["protocol"] == protocol and users in (None, row["users"])
    ]
