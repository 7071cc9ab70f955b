"""What was found: how much better the best list is than those it is measured against."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from markupsafe import Markup

from stages.contracts.metrics.numbers import Against, Intervals
from stages.report.charts.svg import interval_chart
from stages.report.parts.differences import drawn_interval, significant
from stages.report.parts.headline import Lead
from stages.report.words import signed


@dataclass(frozen=True)
class Advantage:
    """The difference between one ranking and another, in words; `role` is what the other one is."""

    ranking: str
    role: str
    test: Against

    @property
    def amount(self) -> str:
        """The difference with its sign."""
        return signed(self.test.difference)

    @property
    def interval(self) -> str:
        """Its 95 % interval."""
        return f"{signed(self.test.low)} to {signed(self.test.high)}"

    @property
    def sure(self) -> bool:
        """Whether it is more than chance."""
        return significant(self.test)

    @property
    def verdict(self) -> str:
        """Whether it is more than chance, with its p value."""
        p = f"{self.test.p_holm:.3f}" if self.test.p_holm >= 0.001 else "below 0.001"
        return f"{'more than chance' if self.sure else 'may be chance'}, corrected p {p}"


@dataclass(frozen=True)
class Advantages:
    """Those of the page's first section, in one metric."""

    metric: str
    rows: tuple[Advantage, ...]
    chart: Markup | None


def advantages_of(lead: Lead, tested: Intervals) -> Advantages:
    """The best list against the best baseline and its own base, then the best reranking."""
    metric = f"NDCG@{lead.results.depth}"
    rows = tuple(_rows(lead, tested, metric.lower()))
    drawn = [drawn_interval(f"{row.ranking} against {row.test.against}", row.test) for row in rows]
    chart = interval_chart("How much better", f"difference in {metric}", drawn) if drawn else None
    return Advantages(metric, rows, chart)


def _rows(lead: Lead, tested: Intervals, metric: str) -> Iterator[Advantage]:
    tests = tested.splits.get(lead.section.name)
    tested_rows = tests.metrics.get(metric, {}) if tests else {}
    shown: set[tuple[str, str]] = set()
    for ranking in _of_interest(lead):
        row = tested_rows.get(ranking)
        roles = {"the best baseline": row.to_baseline, "its base": row.to_base} if row else {}
        for role, test in roles.items():
            if test and (ranking, test.against) not in shown:
                shown.add((ranking, test.against))
                yield Advantage(ranking, role, test)


def _of_interest(lead: Lead) -> Iterable[str]:
    """The best ranking, the best reranking, and the second best where the first is the baseline."""
    order = sorted((ranking for ranking in lead.ndcg if ranking.real), key=lambda r: -lead.ndcg[r])
    best = (lead.best(), lead.best("reranking"), *order[1:2])
    return dict.fromkeys(ranking.name for ranking in best if ranking)
