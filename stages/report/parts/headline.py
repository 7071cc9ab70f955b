"""The numbers that a reader wants first, and the sentence above them."""

from dataclasses import dataclass

from stages.contracts.rankings import Ranking
from stages.report.results import PageResults
from stages.report.sections import PageSection
from stages.report.words import signed, user_count


@dataclass(frozen=True)
class Fact:
    """One card: a number, its name, and a line below."""

    name: str
    value: str
    note: str


@dataclass(frozen=True)
class Lead:
    """NDCG of every ranking in the page's first section, full protocol."""

    results: PageResults
    section: PageSection

    @property
    def ndcg(self) -> dict[Ranking, float]:
        """The column that everything here is chosen by."""
        return self.results.column(self.section.name, "full", f"ndcg@{self.results.depth}")

    def best(self, kind: str | None = None) -> Ranking | None:
        """The highest NDCG among real rankings, or among those of one kind."""
        column = {
            ranking: value
            for ranking, value in self.ndcg.items()
            if (ranking.kind == kind if kind else ranking.real)
        }
        return max(column, key=lambda ranking: column[ranking], default=None)

    def sentence(self) -> str:
        """Who ranks best here, and what reranking did to its base."""
        best, k = self.best(), self.results.depth
        if best is None:
            return f"No ranking could be measured on {self.section.name}."
        where, users = self.section.name, user_count(self.results.users(self.section.name, "full"))
        if self.section.family:
            where, users = (
                f"{where} (mean of {self.section.averaged})",
                f"{users} in all",
            )
        first = f"On {where}, {best.name} ranks best: NDCG@{k} {self.ndcg[best]:.3f} over {users}"
        return f"{first}{self._reranked()}."

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
        facts = [
            Fact(f"NDCG@{k}", f"{values[f'ndcg@{k}']:.3f}", f"best ranking, {best.name}"),
            Fact(
                f"Recall@{k}",
                f"{values[f'recall@{k}']:.3f}",
                f"share of the relevant items found by {best.name}",
            ),
        ]
        if f"coverage@{k}" in values:
            share = f"{values[f'coverage@{k}']:.0%}".replace("%", " %")
            facts.append(Fact(f"Coverage@{k}", share, f"of the catalogue shown by {best.name}"))
        if pair := self._best_reranking():
            top, before, after = pair
            note = f"{top.name} against {top.base}"
            facts.append(Fact(f"NDCG@{k} by reranking", signed(after - before), note))
        return [*facts, Fact("Users", f"{users:,}", f"with a relevant test item, {where}")]
