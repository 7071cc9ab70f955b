"""Tables of metrics: a row per ranking, the best of each column marked, controls set apart."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from stages.contracts.rankings import Ranking
from stages.report.results import PageResults
from stages.report.words import BLOCKS, METRICS, Metric, group_words, user_count

FEW = 50
"""A mean over fewer users is shown as an anecdote."""


@dataclass(frozen=True)
class Column:
    """A heading, the place of its values in summary.json, and how they read."""

    metric: Metric
    protocol: str
    key: str
    heading: str
    note: str = ""
    few: bool = False


@dataclass(frozen=True)
class Cell:
    """A value as text; its share of the column's largest real value draws a bar."""

    text: str
    best: bool
    share: float


@dataclass(frozen=True)
class TableBlock:
    """Rankings of one kind: (name, cells) each."""

    kind: str
    label: str
    note: str
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]


@dataclass(frozen=True)
class Table:
    """A metric table of one split."""

    columns: tuple[Column, ...]
    blocks: tuple[TableBlock, ...]
    users: int


def protocol_table(
    results: PageResults, split: str, protocol: str, names: Iterable[str] = METRICS
) -> Table:
    """Rankings × metrics under one protocol or group."""
    k = results.depth
    columns = [
        Column(METRICS[name], protocol, f"{name}@{k}", METRICS[name].label.replace("@k", f"@{k}"))
        for name in names
    ]
    return _table(results, split, columns)


def group_table(results: PageResults, split: str, protocol: str, name: str = "ndcg") -> Table:
    """Rankings × groups of users in one metric, without the controls."""
    columns = []
    for group in results.groups(split, protocol):
        place = f"{protocol}/{group}"
        users = results.users(split, place)
        heading, note = group_words(group, results.words), user_count(users)
        columns.append(
            Column(METRICS[name], place, f"{name}@{results.depth}", heading, note, users < FEW)
        )
    return _table(replace(results, rankings=results.real()), split, columns)


def best_of(values: dict[Ranking, float], lower: bool) -> set[Ranking]:
    """The best among real rankings, ties included."""
    real = {ranking: value for ranking, value in values.items() if ranking.real}
    edge = (min if lower else max)(real.values(), default=None)
    return {ranking for ranking, value in real.items() if value == edge}


def _table(results: PageResults, split: str, columns: Sequence[Column]) -> Table:
    filled = [
        (column, values)
        for column in columns
        if (values := results.column(split, column.protocol, column.key))
    ]
    there = tuple(
        ranking for ranking in results.rankings if any(ranking in values for _, values in filled)
    )
    cells = [_cells(column, values, there) for column, values in filled]
    rows = list(zip(there, zip(*cells, strict=True), strict=True)) if cells else []
    blocks = []
    for kind, (label, note) in BLOCKS.items():
        inside = tuple((ranking.name, row) for ranking, row in rows if ranking.kind == kind)
        blocks += [TableBlock(kind, label, note, inside)] if inside else []
    users = results.users(split, filled[0][0].protocol) if filled else 0
    return Table(tuple(column for column, _ in filled), tuple(blocks), users)


def _cells(
    column: Column, values: dict[Ranking, float], rankings: tuple[Ranking, ...]
) -> list[Cell]:
    best = best_of(values, column.metric.lower)
    top = max((value for ranking, value in values.items() if ranking.real), default=0.0)
    return [
        Cell(
            f"{values[ranking]:.{column.metric.digits}f}",
            ranking in best,
            min(values[ranking] / (top or 1.0), 1.0),
        )
        if ranking in values
        else Cell("–", False, 0.0)
        for ranking in rankings
    ]
