"""Which differences between rankings, and between groups of users, are more than chance."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from stages.contracts.metrics.numbers import (
    Against,
    Contrast,
    Difference,
    Groups,
    Intervals,
    RankingTests,
    SplitTests,
)
from stages.contracts.words import DomainWords
from stages.report.charts.matrix import PairDifference, matrix_chart
from stages.report.charts.svg import DrawnInterval, interval_chart
from stages.report.results import PageResults, group_order
from stages.report.sections import PageSection
from stages.report.words import METRICS, group_words

ALPHA = 0.05


@dataclass(frozen=True)
class DifferenceRow:
    """A ranking against another: what intervals.json has on them by metric.

    mean: of the ranking in the first metric, as text.
    """

    ranking: str
    against: str
    mean: str
    tests: dict[str, Against]


@dataclass(frozen=True)
class Contrasts:
    """Rankings × groups of one split; a cell is None where groups.json has none.

    chart: the groups of `best`, the best ranking.
    """

    groups: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Contrast | None, ...]], ...]
    best: str
    chart: Markup


@dataclass(frozen=True)
class SectionDifferences:
    """What is known beyond chance about a split or family."""

    section: PageSection
    users: int
    metrics: dict[str, str]
    charts: tuple[Markup, ...]
    matrix: Markup | None
    rows: tuple[DifferenceRow, ...]
    contrasts: Contrasts | None


def differences(
    tested: Intervals,
    grouped: Groups,
    sections: Iterable[PageSection],
    results: PageResults,
    base: str,
) -> list[SectionDifferences]:
    """intervals.json and groups.json for the sections that are not details.

    base: the model that is shown for users with few ratings.
    """
    return [
        _section_differences(section, tested.splits, grouped, results, base)
        for section in sections
        if not section.details and section.name in tested.splits
    ]


def significant(test: Difference) -> bool:
    """Whether a corrected p value is below ALPHA."""
    return test.p_holm < ALPHA


def clear(contrast: Contrast) -> bool:
    """Whether an interval excludes zero."""
    return contrast.low > 0 or contrast.high < 0


def drawn_interval(name: str, test: Difference) -> DrawnInterval:
    """A row of an interval chart, full where the difference is significant."""
    return DrawnInterval(name, test.difference, test.low, test.high, significant(test))


def _section_differences(
    section: PageSection,
    tested: Mapping[str, SplitTests],
    grouped: Groups,
    results: PageResults,
    base: str,
) -> SectionDifferences:
    k, tests = results.depth, tested[section.name]
    labels = {
        f"{name}@{k}": metric.label.replace("@k", f"@{k}") for name, metric in METRICS.items()
    }
    metrics = {key: label for key, label in labels.items() if key in tests.metrics}
    first, names = next(iter(metrics)), [ranking.name for ranking in results.real()]
    rows = {name: tests.metrics[first][name] for name in names if name in tests.metrics[first]}
    to_baseline = {name: row.to_baseline for name, row in rows.items() if row.to_baseline}
    to_base = {name: row.to_base for name, row in rows.items() if row.to_base}
    charts = {
        f"Against {tests.baseline}, the best baseline": to_baseline,
        "Reranked, against its base": to_base,
        f"{base} where {results.words.rows} are few": _by_history(
            section.name, tested, first, base, results.words
        ),
    }
    label = f"difference in {metrics[first]}"
    return SectionDifferences(
        section,
        tests.users,
        metrics,
        tuple(
            interval_chart(title, label, [drawn_interval(*row) for row in drawn.items()])
            for title, drawn in charts.items()
            if drawn
        ),
        _matrix(tests, names, metrics[first]),
        tuple(_rows(tests, rows, metrics)),
        _contrasts(grouped.splits.get(section.name, {}), results, section.name, metrics),
    )


def _by_history(
    family: str, tested: Mapping[str, SplitTests], metric: str, model: str, words: DomainWords
) -> dict[str, Against]:
    """The model against the best baseline of each group of users with few ratings."""
    start = f"{family}/"
    groups = [name.removeprefix(start) for name in tested if name.startswith(start)]
    drawn = {}
    for group in sorted(groups, key=group_order):
        tests = tested[start + group]
        row = tests.metrics[metric].get(model)
        if row and row.to_baseline:
            against = row.to_baseline.against
            who = f"{group_words(group, words)}, {tests.users} users"
            drawn[f"{who}, against {against}"] = row.to_baseline
    return drawn


def _matrix(tests: SplitTests, names: Iterable[str], label: str) -> Markup | None:
    """Both halves, from the one that intervals.json holds."""
    pairs = {}
    for row, others in tests.between.items():
        for column, test in others.items():
            pairs[row, column] = PairDifference(test.difference, significant(test))
            pairs[column, row] = PairDifference(-test.difference, significant(test))
    models = [name for name in names if any(name in pair for pair in pairs)]
    return matrix_chart(f"Each model against each other, {label}", models, pairs) if pairs else None


def _rows(
    tests: SplitTests, rows: Mapping[str, RankingTests], metrics: Iterable[str]
) -> Iterator[DifferenceRow]:
    """A row per difference; where base and best baseline are the same ranking, one for both."""
    for name, row in rows.items():
        mean = f"{row.mean:.3f}"
        if row.fold_mean is not None and row.fold_sd is not None:
            mean = f"{row.fold_mean:.3f} ± {row.fold_sd:.3f}"
        by_metric = {metric: tests.metrics[metric][name] for metric in metrics}
        against_baseline = {m: r.to_baseline for m, r in by_metric.items() if r.to_baseline}
        against_base = {m: r.to_base for m, r in by_metric.items() if r.to_base}
        by_other = {
            next(iter(against.values())).against: against
            for against in (against_baseline, against_base)
            if against
        }
        for other, against in by_other.items():
            yield DifferenceRow(name, other, mean, against)


def _contrasts(
    rows: Mapping[str, Mapping[str, Contrast]],
    results: PageResults,
    split: str,
    metrics: Mapping[str, str],
) -> Contrasts | None:
    metric, label = next(iter(metrics.items()))
    groups = tuple(sorted({group for row in rows.values() for group in row}, key=group_order))
    ndcg = {
        ranking.name: value
        for ranking, value in results.column(split, "full", metric).items()
        if ranking.real and ranking.name in rows
    }
    if not groups or not ndcg:
        return None
    best = max(ndcg, key=lambda name: ndcg[name])
    cells = [(name, tuple(rows[name].get(group) for group in groups)) for name in ndcg]
    drawn = [(group, rows[best][group]) for group in groups if group in rows[best]]
    intervals = [
        DrawnInterval(
            group_words(group, results.words), cell.difference, cell.low, cell.high, clear(cell)
        )
        for group, cell in drawn
    ]
    title = f"{best}: each group less all others"
    chart = interval_chart(title, f"difference in {label}", intervals)
    return Contrasts(groups, tuple(cells), best, chart)
