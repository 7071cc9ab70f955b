"""The numbers that a reader wants first, and the sentence above them."""

from dataclasses import dataclass

from stages.contracts.rankings import Ranking
from stages.report.results import Results
from stages.report.sections import Section
from stages.report.words import signed


@dataclass(frozen=True)
class Fact:
    """One card: a number, its name, and a line below."""

    name: str
    value: str
    note: str


@dataclass(frozen=True)
class Lead:
    """NDCG of every ranking in the page's first section, full protocol."""

    results: Results
    section: Section

    @property
    def ndcg(self) -> dict[Ranking, float]:
        """The column that everything here is chosen by."""
        return self.results.column(self.section.name, "full", f"ndcg@{self.results.depth}")

    def best(self, kind: str | None = None) -> Ranking | None:
        """The highest NDCG among real rankings, or among those of one kind."""
        wanted = {
            r: value for r, value in self.ndcg.items() if (r.kind == kind if kind else r.real)
        }
        return max(wanted, key=lambda ranking: wanted[ranking], default=None)

    def sentence(self) -> str:
        """Who ranks best here, and what reranking did to its base."""
        best, k = self.best(), self.results.depth
        if best is None:
            return f"No ranking could be measured on {self.section.name}."
        first = f"On {self._where()}, {best.name} ranks best: NDCG@{k} {self.ndcg[best]:.3f} over {self._behind()}"
        return f"{first}{self._reranked()}."

    def _behind(self) -> str:
        users = self.results.users(self.section.name, "full")
        return f"{users:,} users{' in all' if self.section.family else ''}"

    def _where(self) -> str:
        splits = f" (mean of {len(self.section.members)} splits)" if self.section.family else ""
        return f"{self.section.name}{splits}"

    def _reranked(self) -> str:
        if not (pair := self._best_reranking()):
            return ""
        top, before, after = pair
        if f"{before:.3f}" == f"{after:.3f}":
            return f"; the best reranking, {top.name}, leaves {top.base} at {before:.3f}"
        return (
            f"; the best reranking, {top.name}, takes {top.base} from {before:.3f} to {after:.3f}"
        )

    def _best_reranking(self) -> tuple[Ranking, float, float] | None:
        top = self.best("reranking")
        before = self.ndcg.get(Ranking(top.base)) if top else None
        return (top, before, self.ndcg[top]) if top and before is not None else None

    def facts(self) -> list[Fact]:
        """Four to six cards."""
        best, name, k = self.best(), self.section.name, self.results.depth
        if best is None:
            return []
        values = self.results.values(best, name, "full")
        users = self.results.users(name, "full")
        where = f"splits of {name} summed" if self.section.family else name
        found = [
            Fact(f"NDCG@{k}", f"{values[f'ndcg@{k}']:.3f}", f"best ranking, {best.name}"),
            Fact(
                f"Recall@{k}",
                f"{values[f'recall@{k}']:.3f}",
                f"share of the relevant films found by {best.name}",
            ),
        ]
        if f"coverage@{k}" in values:
            share = f"{values[f'coverage@{k}']:.0%}".replace("%", " %")
            found.append(Fact(f"Coverage@{k}", share, f"of the catalogue shown by {best.name}"))
        return [
            *found,
            *self._judged(),
            Fact("Users", f"{users:,}", f"with a relevant test film, {where}"),
        ]

    def _judged(self) -> list[Fact]:
        if not (pair := self._best_reranking()):
            return []
        top, before, after = pair
        return [
            Fact(
                f"NDCG@{self.results.depth} by reranking",
                signed(after - before),
                f"{top.name} against {top.base}",
            )
        ]
