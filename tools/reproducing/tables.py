"""The paper's tables and figures with ours beside them."""

from collections.abc import Iterator, Sequence

from stages.contracts.rankings import Ranking
from tools.blocks import table
from tools.reproducing.cited import METRICS, Cited, cited
from tools.reproducing.ours import Ours, Values, answering, served

HEAD = ["system", "whose", "precision", "recall", "NDCG", "MAP"]
FIGURES = {"precision": "Precision", "recall": "Recall", "ndcg": "NDCG", "map": "MAP"}


def cold_table(argument: str) -> str:
    """Table 1 of "DATASET SPLIT": the paper's row, then ours, condensed lists of users with under 10 ratings."""
    ours, split = _place(argument)
    rows = ours.column(split, "condensed/train<10")
    return f"{_beside(cited('Table 1'), rows)}\n{_users(rows)} users have fewer than 10 training ratings.\n\n"


def everyone_table(argument: str) -> str:
    """The protocol's values for all users of "DATASET SPLIT PROTOCOL", the released lists' first."""
    dataset, split, protocol = argument.split()
    rows = Ours(dataset).column(split, protocol)
    if not rows:
        return f"Not checked: no model of {dataset} has been run on {split}.\n\n"
    return f"{_beside(cited('released lists', protocol), rows)}\n{_users(rows)} users have a relevant test film.\n\n"


def figure_tables(argument: str) -> str:
    """Figures 2 and 3 of "DATASET SPLIT PROTOCOL": each metric against k, a table a metric."""
    dataset, split, protocol = argument.split()
    return "".join(_figure(Ours(dataset), split, protocol, metric) for metric in METRICS)


def order_table(argument: str) -> str:
    """NDCG of "DATASET SPLIT BASE" under both protocols, for the few users of Table 1 and for all, best of all first."""
    dataset, split, base = argument.split()
    places = ("condensed/train<10", "condensed", "full")
    columns = [Ours(dataset).column(split, place) for place in places]
    names = [name for name in columns[-1] if name == base or _of(name, base)]
    names.sort(key=lambda name: -columns[-1][name]["ndcg@10"])
    head = [
        "ranking",
        *(
            f"{place}, {_users(column)} users"
            for place, column in zip(places, columns, strict=True)
        ),
    ]
    cells = [[name, *(_cell(column.get(name, {}), "ndcg") for column in columns)] for name in names]
    won = "; ".join(
        f"{place}: {_better(column, base)}" for place, column in zip(places, columns, strict=True)
    )
    return f"{table(head, cells)}\nRerankings with a higher NDCG@10 than {base}: {won}.\n\n"


def _place(argument: str) -> tuple[Ours, str]:
    dataset, split = argument.split()
    return Ours(dataset), split


def _of(name: str, base: str) -> bool:
    ranking = Ranking(name)
    return ranking.base == base and len(ranking.steps) == 1


def _better(column: dict[str, Values], base: str) -> str:
    rerankings = [name for name in served(column) if _of(name, base)]
    better = [name for name in rerankings if column[name]["ndcg@10"] > column[base]["ndcg@10"]]
    return f"{len(better)} of {len(rerankings)}"


def _beside(theirs: Sequence[Cited], rows: dict[str, Values]) -> str:
    return table(HEAD, _rows(theirs, rows), words=2)


def _rows(theirs: Sequence[Cited], rows: dict[str, Values]) -> Iterator[list[str]]:
    names, used = served(rows), set()
    for row in theirs:
        yield [
            row.method,
            "theirs",
            *(f"{row.values[name]:.3f}" if name in row.values else "–" for name in METRICS),
        ]
        found = answering(row.ranking, names)
        yield from (["", f"ours, {name}", *_cells(rows[name])] for name in found)
        if not found:
            yield ["", "not run", *["–"] * len(METRICS)]
        used |= set(found)
    yield from ([name, "ours alone", *_cells(rows[name])] for name in names if name not in used)


def _cells(values: Values) -> list[str]:
    return [_cell(values, name) for name in METRICS]


def _cell(values: Values, name: str) -> str:
    return f"{values[f'{name}@10']:.3f}" if f"{name}@10" in values else "–"


def _users(rows: dict[str, Values]) -> int:
    return max((int(values["users"]) for values in rows.values()), default=0)


def _figure(ours: Ours, split: str, protocol: str, metric: str) -> str:
    points = ours.points(split, protocol, metric)
    released = {row.ranking: row.values for row in cited("released lists", protocol)}
    depths = sorted({k for found in points.values() for k in found})
    cells = [
        [name, *(f"{points[name][k]:.3f}" for k in depths), _theirs(released.get(name, {}), metric)]
        for name in served(points)
    ]
    head = ["ranking", *(f"k = {k:g}" for k in depths), "theirs at 10"]
    return f"**{FIGURES[metric]} against k**\n\n{table(head, cells)}\n"


def _theirs(values: Values, metric: str) -> str:
    return f"{values[metric]:.3f}" if metric in values else "–"
