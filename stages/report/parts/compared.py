"""What a judge said of two strategies' explanations."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from stages.report.parts.card import percent
from stages.report.sources import Sources


@dataclass(frozen=True)
class Comparison:
    """One pair of explanations.json: the ranking that it is told of, and the one that it was compared with."""

    split: str
    ranking: str
    against: str
    values: dict[str, Any]

    @property
    def share(self) -> str:
        """Wins among the users for whom one list was better, with the interval."""
        middle, low, high = (self.values[f"win_share{end}"] for end in ("", "_low", "_high"))
        return "–" if middle is None else f"{percent(middle)} ({percent(low)} to {percent(high)})"

    @property
    def p(self) -> str:
        """Of the sign test."""
        return "–" if self.values["p"] is None else f"{self.values['p']:.4f}"


def comparisons(sources: Sources) -> Iterator[Comparison]:
    """A row for each pair, in the file's order."""
    for split, bases in sources.number_file("explanations").items():
        for base, strategies in bases.items():
            for strategy, entry in strategies.items():
                for other, values in entry.get("compared", {}).items():
                    yield Comparison(split, f"{base}+{strategy}", f"{base}+{other}", values)
