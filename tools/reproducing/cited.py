"""docs/paper.csv: the paper's numbers, and what its released lists give, each typed once."""

import csv
from dataclasses import dataclass
from pathlib import Path

from stages.core.tables import existing

PAPER = Path("docs") / "paper.csv"
METRICS = ("precision", "recall", "ndcg", "map")


@dataclass(frozen=True)
class Cited:
    """One method's values at 10; `ranking` is our name for it, `+STEP` for a reranking of any base."""

    source: str
    users: str
    protocol: str
    method: str
    ranking: str
    values: dict[str, float]


def cited(source: str, protocol: str = "condensed") -> list[Cited]:
    """The rows of a source and protocol, in the paper's order."""
    with existing(PAPER).open(encoding="utf-8", newline="") as lines:
        rows = [_row(row) for row in csv.DictReader(lines)]
    return [row for row in rows if (row.source, row.protocol) == (source, protocol)]


def _row(row: dict[str, str]) -> Cited:
    values = {name: float(row[name]) for name in METRICS if row[name]}
    return Cited(
        row["source"], row["users"], row["protocol"], row["method"], row["ranking"], values
    )
