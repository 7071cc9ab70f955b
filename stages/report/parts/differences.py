"""Which differences between rankings, and between groups of users, are more than chance."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from stages.report.charts.matrix import Cell, matrix_chart
from stages.report.charts.svg import Range, interval_chart
from stages.report.results import Results, group_order
from stages.report.sections import Section
from stages.report.words import METRICS, group_words

ALPHA = 0.05
ROLES = {"to_baseline": "Against {}, the best baseline", "to_base": "Reranked, against its base"}


@dataclass(frozen=True)
class Row:
    """A ranking against another: what intervals.json has on them by metric; `mean` is the ranking's own."""

    ranking: str
    against: str
    mean: str
    tests: dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Contrasts:
    """Rankings × groups of one split; a cell is None where groups.json has none. chart: the best ranking's groups."""

    groups: tuple[str, ...]
    rows: tuple[tuple[str, tuple[dict[str, Any] | None, ...]], ...]
    best: str
    chart: Markup


@dataclass(frozen=True)
class Differences:
    """A split or family: a chart a role and one for users with few ratings, a row a difference, and its groups."""

    section: Section
    users: int
    metrics: dict[str, str]
    charts: tuple[Markup, ...]
    matrix: Markup | None
    rows: tuple[Row, ...]
    contrasts: Contrasts | None


def differences(
    tested: dict[str, Any],
    grouped: dict[str, Any],
    sections: Iterable[Section],
    results: Results,
    base: str,
) -> list[Differences]:
    """intervals.json and groups.json for the sections that are not folded away; base: the model shown by history."""
    places = [
        section for section in sections if not section.folded and section.name in tested["splits"]
    ]
    return [_differences(section, tested["splits"], grouped, results, base) for section in places]


def significant(test: dict[str, Any]) -> bool:
    """Whether a corrected p value is below ALPHA."""
    return bool(test["p_holm"] < ALPHA)


def clear(cell: dict[str, Any]) -> bool:
    """Whether an interval leaves nought out."""
    return bool(cell["low"] > 0 or cell["high"] < 0)


def _differences(
    section: Section, tested: dict[str, Any], grouped: dict[str, Any], results: Results, base: str
) -> Differences:
    k, table = results.depth, tested[section.name]
    labels = {
        f"{name}@{k}": metric.label.replace("@k", f"@{k}") for name, metric in METRICS.items()
    }
    metrics = {key: label for key, label in labels.items() if key in table}
    first, names = next(iter(metrics)), [ranking.name for ranking in results.real()]
    drawn = {
        ROLES[role].format(table["baseline"]): _of_role(role, table[first], names) for role in ROLES
    }
    drawn[f"{base} where ratings are few"] = _by_history(section.name, tested, first, base)
    charts = [_chart(title, metrics[first], tests) for title, tests in drawn.items() if tests]
    rows = tuple(_rows(table, names, metrics, first))
    contrasts = _contrasts(grouped["splits"].get(section.name, {}), results, section.name, metrics)
    matrix = _matrix(table.get("between", {}), names, metrics[first])
    return Differences(section, table["users"], metrics, tuple(charts), matrix, rows, contrasts)


def _chart(title: str, label: str, tests: Iterable[tuple[str, dict[str, Any]]]) -> Markup:
    ranges = [
        Range(name, test["difference"], test["low"], test["high"], significant(test))
        for name, test in tests
    ]
    return interval_chart(title, f"difference in {label}", ranges)


def _of_role(
    role: str, rows: dict[str, Any], names: Iterable[str]
) -> list[tuple[str, dict[str, Any]]]:
    return [(name, rows[name][role]) for name in names if role in rows.get(name, {})]


def _by_history(
    family: str, tested: dict[str, Any], metric: str, model: str
) -> list[tuple[str, dict[str, Any]]]:
    """The model against the best baseline of each group of users with few ratings, as intervals.json has them."""
    found = {
        name.removeprefix(f"{family}/"): table
        for name, table in tested.items()
        if name.startswith(f"{family}/")
    }
    cells = [
        (group, found[group]["users"], found[group][metric].get(model, {}))
        for group in sorted(found, key=group_order)
    ]
    return [
        (
            f"{group_words(group)}, {users} users, against {row['to_baseline']['against']}",
            row["to_baseline"],
        )
        for group, users, row in cells
        if "to_baseline" in row
    ]


def _matrix(between: dict[str, dict[str, Any]], names: Iterable[str], label: str) -> Markup | None:
    """Both halves, from the one that intervals.json holds."""
    cells = {}
    for one, others in between.items():
        for other, test in others.items():
            cells[one, other] = Cell(test["difference"], significant(test))
            cells[other, one] = Cell(-test["difference"], significant(test))
    models = [name for name in names if any(name in pair for pair in cells)]
    return matrix_chart(f"Each model against each other, {label}", models, cells) if cells else None


def _rows(
    table: dict[str, Any], names: Iterable[str], metrics: Iterable[str], first: str
) -> Iterator[Row]:
    for name in names:
        row = table[first].get(name, {})
        spread = f" ± {row['fold_sd']:.3f}" if "fold_sd" in row else ""
        mean = f"{row['fold_mean']:.3f}{spread}" if spread else f"{row.get('mean', 0):.3f}"
        against = {row[role]["against"]: role for role in ROLES if role in row}
        for other, role in against.items():
            yield Row(name, other, mean, {metric: table[metric][name][role] for metric in metrics})


def _contrasts(
    rows: dict[str, Any], results: Results, split: str, metrics: dict[str, str]
) -> Contrasts | None:
    metric, label = next(iter(metrics.items()))
    groups = tuple(sorted({group for row in rows.values() for group in row}, key=group_order))
    ndcg = {
        r.name: v
        for r, v in results.column(split, "full", metric).items()
        if r.real and r.name in rows
    }
    if not groups or not ndcg:
        return None
    best = max(ndcg, key=lambda name: ndcg[name])
    cells = [(name, tuple(rows[name].get(group) for group in groups)) for name in ndcg]
    found = [(group, rows[best][group]) for group in groups if group in rows[best]]
    ranges = [
        Range(group_words(g), c["difference"], c["low"], c["high"], clear(c)) for g, c in found
    ]
    chart = interval_chart(f"{best}: each group less all others", f"difference in {label}", ranges)
    return Contrasts(groups, tuple(cells), best, chart)
