"""Models side by side, from summary.json and intervals.json of a data set.

Rows are in the order of what they show; those that show the same are in the order of the file.
"""

from collections.abc import Iterable
from pathlib import Path

from stages.contracts.metrics.files import read_intervals, read_summary
from stages.contracts.metrics.numbers import Models, Values
from stages.contracts.rankings import Ranking
from tools.blocks import Context

NDCG = "ndcg@10"
_COLUMNS = (NDCG, "precision@10", "recall@10", "map@10", "coverage@10")


def metrics(dataset: str, split: str) -> Context:
    """The models of a split under the full protocol, best NDCG first."""
    column = protocol_column(summary_models(dataset), split, "full")
    names = by_value({name: column[name][NDCG] for name in only_models(column)})
    rows = [(name, [column[name][key] for key in _COLUMNS]) for name in names]
    users = next(iter(column.values()))["users"]
    return {"metrics": list(_COLUMNS), "rows": rows, "users": users}


def families(dataset: str, *places: str) -> Context:
    """NDCG of the models on several splits or families, best on the first one first."""
    tested = read_intervals(Path("metrics") / dataset / "intervals.json").splits
    columns = [tested[place].metrics[NDCG] for place in places]
    shown = {name: columns[0][name] for name in only_models(columns[0])}
    names = by_value({name: tests.fold_mean or tests.mean for name, tests in shown.items()})
    rows = [(name, [column.get(name) for column in columns]) for name in names]
    return {"rows": rows, "users": {place: tested[place].users for place in places}}


def group_means(dataset: str, place: str, *of: str) -> Context:
    """NDCG of the models among all users and in groups such as `n=3`, best among all first."""
    models = summary_models(dataset)
    columns = [protocol_column(models, place, "full")]
    columns += [protocol_column(models, place, f"full/{group}") for group in of]
    names = by_value({name: columns[0][name][NDCG] for name in only_models(columns[0])})
    rows = [(name, [column[name][NDCG] for column in columns]) for name in names]
    users = [next(iter(column.values()))["users"] for column in columns[1:]]
    return {"place": place, "groups": list(of), "rows": rows, "users": users}


def by_value(values: dict[str, float]) -> list[str]:
    """Names by value to the three decimals that a table shows, highest first."""
    return sorted(values, key=lambda name: -round(values[name], 3))


def summary_models(dataset: str) -> Models:
    """Every number of every ranking."""
    return read_summary(Path("metrics") / dataset / "summary.json").models


def protocol_column(models: Models, split: str, protocol: str) -> dict[str, Values]:
    """Ranking → its values on a split under a protocol or group, without those that have none."""
    places = {name: splits.get(split, {}) for name, splits in models.items()}
    return {name: rows[protocol] for name, rows in places.items() if protocol in rows}


def only_models(names: Iterable[str]) -> list[str]:
    """The rankings that are models, not rerankings or controls."""
    return [name for name in names if Ranking(name).kind == "model"]
