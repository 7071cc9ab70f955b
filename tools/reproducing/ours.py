"""Our numbers, as committed under metrics/."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from e2ep_cli.ablating.record import known_rows
from e2ep_cli.ablating.rows import AblationRow
from stages.contracts.metrics.numbers import Values
from stages.contracts.metrics.rerankings import RerankingEffect
from stages.contracts.plan import COMPUTED_STRATEGIES
from stages.contracts.rankings import Ranking
from stages.report.sources import Points, ReportSources
from tools.contents.rankings import protocol_column


@dataclass(frozen=True)
class Ours:
    """The files of one data set."""

    dataset: str

    @property
    def sources(self) -> ReportSources:
        """Where they lie."""
        return ReportSources(Path("metrics") / self.dataset, Path("artifacts") / self.dataset)

    def column(self, split: str, protocol: str) -> dict[str, Values]:
        """Ranking → metric → value, without the rankings that have none."""
        return protocol_column(self.sources.summary().models, split, protocol)

    def metric(self, split: str, protocol: str, key: str) -> dict[str, float]:
        """Ranking → its value in one metric."""
        column = self.column(split, protocol)
        return {name: values[key] for name, values in column.items() if key in values}

    def ablated(self, name: str) -> list[AblationRow]:
        """The rows of an ablation, none where it has not been run."""
        return [row for row in known_rows(Path(), self.dataset) if row.ablation == name]

    def points(self, split: str, protocol: str, metric: str) -> dict[str, Points]:
        """Ranking → k → value."""
        place = (split, protocol, metric)
        return {key[0]: points for key, points in self.sources.curves().items() if key[1:] == place}

    def reranked(self, split: str) -> Iterator[tuple[str, str, RerankingEffect]]:
        """(base, strategy, what it did), where a judge was asked."""
        for base, strategies in self.sources.rerankings().get(split, {}).items():
            for strategy, effect in strategies.items():
                if strategy not in COMPUTED_STRATEGIES:
                    yield base, strategy, effect


def served(names: Iterable[str]) -> list[str]:
    """The models, then their fused rerankings: no control, no judge alone, no fitted weight.

    Orders that are computed without a judge are none of the paper's.
    """
    rankings = [ranking for ranking in map(Ranking, names) if ranking.real]
    plain = [ranking for ranking in rankings if len(ranking.steps) < 2 and not is_computed(ranking)]
    return [ranking.name for ranking in sorted(plain, key=lambda it: (len(it.steps), it.name))]


def is_computed(ranking: Ranking) -> bool:
    """Whether a strategy computed this order without a judge."""
    return any(step in COMPUTED_STRATEGIES for step in ranking.steps)


def rerankings_of(base: str, names: Iterable[str]) -> list[str]:
    """The fused rerankings of a base."""
    return [name for name in served(names) if name.startswith(f"{base}+")]
