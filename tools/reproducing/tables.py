"""The paper's tables and figures next to ours."""

from collections.abc import Iterator, Mapping, Sequence

from stages.contracts.metrics.numbers import Values
from stages.contracts.rankings import Ranking
from stages.report.words import PAPER_METRICS
from tools.blocks import Context
from tools.reproducing.cited import RELEASED, TABLE_1, Cited, cited
from tools.reproducing.ours import Ours, is_computed, rerankings_of, served

_HEADINGS = {"precision": "precision", "recall": "recall", "ndcg": "NDCG", "map": "MAP"}
Cells = list[float | None]
CUT = 0.001
"""What cutting a figure after three digits can take away."""


def cold(dataset: str, split: str) -> Context:
    """The paper's Table 1: condensed lists of users with under 10 training ratings."""
    return _beside(cited(TABLE_1), Ours(dataset).column(split, "condensed/train<10"))


def released(users: str) -> Context:
    """The paper's Table 1, each row above what the list that its authors released gives."""
    measured = {row.method: row.values for row in cited(RELEASED, "condensed", users)}
    rows: list[tuple[str, str, Cells]] = []
    same, without = 0, []
    for row in cited(TABLE_1):
        rows.append((row.method, "printed", [row.values[name] for name in PAPER_METRICS]))
        if row.method not in measured:
            without.append(row.method)
            continue
        values = measured[row.method]
        rows.append(("", "measured on the list", [values[name] for name in PAPER_METRICS]))
        gaps = (round(abs(values[name] - row.values[name]), 4) for name in PAPER_METRICS)
        same += max(gaps) <= CUT
    return {
        "metrics": list(_HEADINGS.values()),
        "rows": rows,
        "same": same,
        "lists": len(measured),
        "without": without,
    }


def everyone(dataset: str, split: str, protocol: str, other: str | None = None) -> Context:
    """All users of a split or family, beside what the released lists give.

    other: a run published beside this one, such as `as-written`; it supplies the rankings that this
    one lacks.
    """
    column, made_as = Ours(dataset).column(split, protocol), {}
    if other:
        more = Ours(f"{dataset}/{other}").column(split, protocol)
        made_as = {name: other.replace("-", " ") for name in more if name not in column}
        column = more | column
    theirs = cited(RELEASED, protocol, "all")
    whose = "theirs" if split == "fold-1" else "theirs, fold 1"
    return _beside(theirs, column, whose, made_as) | {"dataset": dataset, "split": split}


def figures(dataset: str, split: str, protocol: str) -> Context:
    """The paper's Figures 2 and 3: each metric against k."""
    lists = {row.ranking: row.values for row in cited(RELEASED, protocol, "all")}
    tables = []
    for metric, name in _HEADINGS.items():
        points = Ours(dataset).points(split, protocol, metric)
        depths = sorted({k for curve in points.values() for k in curve})
        rows = [
            (ranking, [*(points[ranking][k] for k in depths), lists.get(ranking, {}).get(metric)])
            for ranking in served(points)
        ]
        columns = [*(f"k = {k:g}" for k in depths), "theirs at 10"]
        tables.append({"name": name[0].upper() + name[1:], "columns": columns, "rows": rows})
    return {"figures": tables}


def order(dataset: str, split: str, base: str) -> Context:
    """A base and its rerankings: the few users of Table 1, and all under both protocols."""
    places, columns = [], []
    for protocol in ("condensed/train<10", "condensed", "full"):
        column = Ours(dataset).column(split, protocol)
        ndcg = {name: values.get("ndcg@10") for name, values in column.items()}
        made = rerankings_of(base, column)
        better = [name for name in made if (ndcg[name] or 0.0) > (ndcg[base] or 0.0)]
        counts = {"users": _users(column), "better": len(better), "reranked": len(made)}
        places.append({"protocol": protocol} | counts)
        columns.append(ndcg)
    last = columns[-1]
    names = [name for name in last if name == base or _one_step_from(base, name)]
    names.sort(key=lambda name: -(last[name] or 0.0))
    rows = [(name, [column.get(name) for column in columns]) for name in names]
    return {"base": base, "places": places, "rows": rows}


def _one_step_from(base: str, name: str) -> bool:
    ranking = Ranking(name)
    return ranking.base == base and len(ranking.steps) == 1 and not is_computed(ranking)


def _beside(
    theirs: Sequence[Cited],
    column: dict[str, Values],
    whose: str = "theirs",
    made_as: Mapping[str, str] | None = None,
) -> Context:
    rows = list(_rows(theirs, column, whose, made_as or {}))
    return {"metrics": list(_HEADINGS.values()), "rows": rows, "users": _users(column)}


def _rows(
    theirs: Sequence[Cited], column: dict[str, Values], whose: str, made_as: Mapping[str, str]
) -> Iterator[tuple[str, str, Cells]]:
    """(system, whose, values): each row of theirs, ours for it, and at last what only we have.

    made_as: how each ranking that comes from another run was made, such as `as written`.
    """
    ours: dict[str, Cells] = {
        name: [column[name].get(f"{metric}@10") for metric in PAPER_METRICS]
        for name in served(column)
    }
    ours_as = {name: f"ours {made_as[name]}" if name in made_as else "ours" for name in ours}
    alone = dict(ours)
    for row in theirs:
        yield row.method, whose, [row.values.get(metric) for metric in PAPER_METRICS]
        same = row.ours(list(ours))
        for name in same:
            yield "", f"{ours_as[name]}, {name}", ours[name]
            alone.pop(name, None)
        if not same:
            yield "", "not run", [None] * len(PAPER_METRICS)
    for name, cells in alone.items():
        yield name, f"{ours_as[name]} alone", cells


def _users(column: dict[str, Values]) -> int:
    return max((int(values["users"]) for values in column.values()), default=0)
