"""What can be checked in the explanations, and who wrote and judged them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from stages.report.sources import Sources


@dataclass(frozen=True)
class Measures:
    """explanations.json for one strategy of one base and split, and who wrote the reasons."""

    split: str
    ranking: str
    values: dict[str, Any]
    source: str


@dataclass(frozen=True)
class Judge:
    """llm.json for one strategy."""

    strategy: str
    calls: int
    outcomes: str
    models: str


def measures(sources: Sources) -> Iterator[Measures]:
    """A row for each explained ranking, in the file's order."""
    for split, bases in sources.number_file("explanations").items():
        for base, strategies in bases.items():
            for strategy, values in strategies.items():
                first = next(sources.explanations(split, base, strategy), None)
                yield Measures(split, f"{base}+{strategy}", values, first.source if first else "")


def judges(sources: Sources) -> list[Judge]:
    """A row for each strategy that asked a judge."""
    return [
        Judge(strategy, counts["calls"], _shares(counts["outcomes"]), ", ".join(counts["models"]))
        for strategy, counts in sources.number_file("llm").items()
    ]


def _shares(outcomes: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {outcome}" for outcome, count in outcomes.items())
