"""summary.json, the order in which the page shows it, and the words."""

import re
from dataclasses import dataclass, replace

from stages.contracts.metrics.numbers import Models, Summary, Values
from stages.contracts.plan import RunPlan
from stages.contracts.rankings import Ranking
from stages.contracts.words import FILMS, DomainWords
from stages.report.rankings import ordered

DEFAULT_DEPTH = 10
_GROUP_KINDS = ("n", "train", "activity", "age", "gender")


@dataclass(frozen=True)
class PageResults:
    """Every number of every ranking."""

    models: Models
    rankings: tuple[Ranking, ...]
    words: DomainWords = FILMS

    def values(self, ranking: Ranking, split: str, protocol: str) -> Values:
        """Metric key → value; empty where the ranking has none."""
        return self.models[ranking.name].get(split, {}).get(protocol, {})

    def real(self) -> tuple[Ranking, ...]:
        """All rankings but the controls."""
        return tuple(ranking for ranking in self.rankings if ranking.real)

    def brief(self) -> "PageResults":
        """At most one step each.

        The judge's order alone, fitted weights and controls of deeper pools are in one table only.
        """
        return replace(
            self, rankings=tuple(ranking for ranking in self.rankings if len(ranking.steps) < 2)
        )

    def column(self, split: str, protocol: str, key: str) -> dict[Ranking, float]:
        """One metric of every ranking that has it."""
        rows = ((ranking, self.values(ranking, split, protocol)) for ranking in self.rankings)
        return {ranking: values[key] for ranking, values in rows if key in values}

    def ranked(self, split: str) -> set[str]:
        """The names of the rankings that were measured on a split or family."""
        return {ranking.name for ranking in self.rankings if split in self.models[ranking.name]}

    def users(self, split: str, protocol: str) -> int:
        """How many users a protocol or group covers."""
        counts = self.column(split, protocol, "users").values()
        return max((int(count) for count in counts), default=0)

    def names(self) -> set[str]:
        """Every split and family."""
        return {split for splits in self.models.values() for split in splits}

    def groups(self, split: str, protocol: str) -> tuple[str, ...]:
        """`train<10`, `gender=F` and so on, kind by kind."""
        keys = {
            key for ranking in self.rankings for key in self.models[ranking.name].get(split, {})
        }
        start = f"{protocol}/"
        names = {key.removeprefix(start) for key in keys if key.startswith(start)}
        return tuple(sorted(names, key=group_order))

    @property
    def depth(self) -> int:
        """The k of the tables: the one for which evaluate wrote coverage."""
        keys = {
            key
            for splits in self.models.values()
            for rows in splits.values()
            for key in rows.get("full", {})
        }
        depths = [int(key.partition("@")[2]) for key in keys if key.startswith("coverage@")]
        return min(depths, default=DEFAULT_DEPTH)


def results_of(summary: Summary, plan: RunPlan, words: DomainWords = FILMS) -> PageResults:
    """summary.json, its rankings in the page's order."""
    return PageResults(summary.models, ordered(summary.models, plan), words)


def group_order(name: str) -> tuple[int, int, bool, str]:
    """By kind, then by number, `<25` before `25-34`."""
    kind, numbers = re.split("[=<]", name)[0], re.findall(r"\d+", name)
    place = _GROUP_KINDS.index(kind) if kind in _GROUP_KINDS else len(_GROUP_KINDS)
    return place, int(numbers[0]) if numbers else 0, "<" not in name, name
