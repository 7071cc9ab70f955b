"""What can be checked in the explanations, and who wrote them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from stages.report.charts.shares import share_chart
from stages.report.sources import Sources

SHARES = {
    "grounded_share": "Claims that hold",
    "citation_validity": "Citations rated in training",
    "polarity": "Citations not disliked",
}


@dataclass(frozen=True)
class Measures:
    """explanations.json for one strategy of one base and split, and who wrote the reasons."""

    split: str
    ranking: str
    values: dict[str, Any]
    source: str

    @property
    def faithfulness(self) -> str:
        """With its interval."""
        middle, low, high = (self.values[f"faithfulness{end}"] for end in ("", "_low", "_high"))
        if middle is None:
            return "–" if self.values["probe_applies"] else "does not apply"
        return f"{middle:.3f}" if low is None else f"{middle:.3f} ({low:.3f} to {high:.3f})"


def measures(sources: Sources) -> Iterator[Measures]:
    """A row for each explained ranking, in the file's order."""
    for split, bases in sources.number_file("explanations").items():
        for base, strategies in bases.items():
            for strategy, values in strategies.items():
                first = next(sources.explanations(split, base, strategy), None)
                yield Measures(split, f"{base}+{strategy}", values, first.source if first else "")


def share_charts(rows: Sequence[Measures]) -> list[Markup]:
    """A chart for each share that any explained ranking has."""
    found = {
        title: [
            (f"{row.ranking}, {row.split}", row.values[key])
            for row in rows
            if row.values.get(key) is not None
        ]
        for key, title in SHARES.items()
    }
    return [share_chart(title, shares) for title, shares in found.items() if shares]
