"""What can be checked in the explanations, and who wrote them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from stages.contracts.metrics.explanations import ExplanationMeasures
from stages.contracts.words import FILMS, DomainWords, worded
from stages.report.charts.shares import share_chart
from stages.report.sources import ReportSources

SHARES = {
    "grounded_share": "Claims that hold",
    "citation_validity": "Citations $done in training",
    "polarity": "Citations not disliked",
}


@dataclass(frozen=True)
class Measures:
    """explanations.json for one strategy of one base and split, and who wrote the reasons."""

    split: str
    ranking: str
    values: ExplanationMeasures
    source: str

    @property
    def faithfulness(self) -> str:
        """With its interval."""
        low, high = self.values.faithfulness_low, self.values.faithfulness_high
        if self.values.faithfulness is None:
            return "–" if self.values.probe_applies else "does not apply"
        middle = f"{self.values.faithfulness:.3f}"
        return middle if low is None else f"{middle} ({low:.3f} to {high:.3f})"


def measure_rows(sources: ReportSources) -> Iterator[Measures]:
    """A row for each explained ranking, in the file's order."""
    for split, bases in sources.explanation_measures().items():
        for base, strategies in bases.items():
            for strategy, values in strategies.items():
                first = next(sources.explanations(split, base, strategy), None)
                yield Measures(split, f"{base}+{strategy}", values, first.source if first else "")


def share_charts(rows: Sequence[Measures], words: DomainWords = FILMS) -> list[Markup]:
    """A chart for each share that any explained ranking has; nobody dislikes without ratings."""
    charts = []
    for key, title in SHARES.items():
        if key == "polarity" and words.implicit:
            continue
        shares = [(f"{row.ranking}, {row.split}", getattr(row.values, key)) for row in rows]
        known = [(name, share) for name, share in shares if share is not None]
        charts += [share_chart(worded(title, words), known)] if known else []
    return charts
