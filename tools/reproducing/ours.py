"""Our numbers, as committed under metrics/."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from e2ep_cli.ablating.record import known_rows
from e2ep_cli.ablating.rows import AblationRow
from stages.contracts.rankings import Ranking
from stages.report.sources import Points, Sources

Values = dict[str, float]


@dataclass(frozen=True)
class Ours:
    """The files of one data set."""

    dataset: str

    @property
    def sources(self) -> Sources:
        """Where they lie."""
        return Sources(Path("metrics") / self.dataset, Path("artifacts") / self.dataset)

    def column(self, split: str, protocol: str) -> dict[str, Values]:
        """Ranking → metric → value, without the rankings that have none."""
        models = self.sources.number_file("summary")["models"]
        return {
            name: rows[split][protocol]
            for name, rows in models.items()
            if protocol in rows.get(split, {})
        }

    def ablated(self, name: str) -> list[AblationRow]:
        """The rows of an ablation, none where it has not been run."""
        return [row for row in known_rows(Path(), self.dataset) if row.ablation == name]

    def splits(self) -> set[str]:
        """Every split and family."""
        return {
            split
            for rows in self.sources.number_file("summary")["models"].values()
            for split in rows
        }

    def points(self, split: str, protocol: str, metric: str) -> dict[str, Points]:
        """Ranking → k → value."""
        curves = self.sources.curves()
        return {
            key[0]: points for key, points in curves.items() if key[1:] == (split, protocol, metric)
        }

    def reranked(self, split: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """(base, strategy, entry of rerank.json)."""
        for base, strategies in self.sources.number_file("rerank").get(split, {}).items():
            for strategy, entry in strategies.items():
                yield base, strategy, entry


def served(names: Iterable[str]) -> list[str]:
    """The models, then their fused rerankings: no control, no judge alone, no fitted weight."""
    found = [ranking for ranking in map(Ranking, names) if ranking.real and len(ranking.steps) < 2]
    return [
        ranking.name
        for ranking in sorted(found, key=lambda ranking: (len(ranking.steps), ranking.name))
    ]


def answering(cited: str, names: Iterable[str]) -> list[str]:
    """Our rankings for a cited one: itself, or for `+STEP` that step on each base."""
    return [
        name for name in names if name == cited or (cited.startswith("+") and name.endswith(cited))
    ]
