"""summary.json and the order in which the page shows it."""

from dataclasses import dataclass
from typing import Any

from stages.core.rankings import Ranking
from stages.report.params import Asked
from stages.report.rankings import ordered

DEFAULT_DEPTH = 10

Values = dict[str, float]


@dataclass(frozen=True)
class Results:
    """Every number of every ranking."""

    models: dict[str, dict[str, dict[str, Values]]]
    rankings: tuple[Ranking, ...]

    def values(self, ranking: Ranking, split: str, protocol: str) -> Values:
        """Metric key → value; empty where the ranking has none."""
        return self.models[ranking.name].get(split, {}).get(protocol, {})

    def real(self) -> tuple[Ranking, ...]:
        """All rankings but the controls."""
        return tuple(ranking for ranking in self.rankings if ranking.real)

    def column(self, split: str, protocol: str, key: str) -> dict[Ranking, float]:
        """One metric of every ranking that has it."""
        rows = ((ranking, self.values(ranking, split, protocol)) for ranking in self.rankings)
        return {ranking: values[key] for ranking, values in rows if key in values}

    def users(self, split: str, protocol: str) -> int:
        """How many users stand behind a protocol or group."""
        return max((int(count) for count in self.column(split, protocol, "users").values()), default=0)

    def names(self) -> set[str]:
        """Every split and family."""
        return {split for splits in self.models.values() for split in splits}

    def groups(self, split: str, protocol: str) -> tuple[str, ...]:
        """`train<10`, `gender=F` and so on, those with a number in numerical order."""
        keys = {key for ranking in self.rankings for key in self.models[ranking.name].get(split, {})}
        found = {key.removeprefix(f"{protocol}/") for key in keys if key.startswith(f"{protocol}/")}
        return tuple(sorted(found, key=_group_order))

    @property
    def depth(self) -> int:
        """The k of the tables: the one for which evaluate wrote coverage."""
        keys = {key for splits in self.models.values() for rows in splits.values() for key in rows.get("full", {})}
        depths = [int(key.partition("@")[2]) for key in keys if key.startswith("coverage@")]
        return min(depths, default=DEFAULT_DEPTH)


def results_of(summary: dict[str, Any], asked: Asked) -> Results:
    """summary.json, its rankings in the page's order."""
    return Results(summary["models"], ordered(summary["models"], asked))


def _group_order(name: str) -> tuple[bool, int, str]:
    digits = "".join(letter for letter in name if letter.isdigit())
    return not digits, int(digits or 0), name
