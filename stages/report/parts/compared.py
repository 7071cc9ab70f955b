"""What a judge said of two strategies' explanations."""

from collections.abc import Iterator
from dataclasses import dataclass

from stages.contracts.metrics.explanations import Tally
from stages.report.sources import ReportSources
from stages.report.words import percent


@dataclass(frozen=True)
class Comparison:
    """One pair of explanations.json: a ranking, the one it was compared with, and the tally."""

    split: str
    ranking: str
    against: str
    tally: Tally

    @property
    def share(self) -> str:
        """Wins among the users for whom one list was better, with the interval."""
        ends = self.tally.win_share, self.tally.win_share_low, self.tally.win_share_high
        middle, low, high = ("–" if end is None else percent(end) for end in ends)
        return middle if self.tally.win_share is None else f"{middle} ({low} to {high})"

    @property
    def p(self) -> str:
        """Of the sign test."""
        return "–" if self.tally.p is None else f"{self.tally.p:.4f}"


def comparisons(sources: ReportSources) -> Iterator[Comparison]:
    """A row for each pair, in the file's order."""
    for split, bases in sources.explanation_measures().items():
        for base, strategies in bases.items():
            for strategy, measures in strategies.items():
                for other, tally in measures.compared.items():
                    yield Comparison(split, f"{base}+{strategy}", f"{base}+{other}", tally)
