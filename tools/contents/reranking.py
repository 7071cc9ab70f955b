"""What each strategy makes of a base, from summary.json and rerank.json of a data set."""

from pathlib import Path

from stages.contracts.metrics.files import read_intervals, read_rerank
from stages.contracts.plan import COMPUTED_STRATEGIES
from stages.contracts.rankings import Ranking
from tools.blocks import Context
from tools.contents.rankings import NDCG, by_value, protocol_column, summary_models

BESIDE = ("ild@10", "miscalibration@10")
"""What a list is worth besides, where items have vectors and genres."""
ORDERS = {"oracle": "perfect", "shuffle": "random"}


def strategies(dataset: str, split: str, base: str) -> Context:
    """Every judged strategy of a base, best fused NDCG first, beside the base and its controls."""
    column = protocol_column(summary_models(dataset), split, "full")
    ndcg = {name: values[NDCG] for name, values in column.items()}
    effects = read_rerank(Path("metrics") / dataset / "rerank.json")[split][base]
    controls = []
    for name in ndcg:
        ranking = Ranking(name)
        if ranking.base == base and ranking.kind == "control":
            depth = "".join(ranking.steps[1:]).removeprefix("top")
            controls.append((ORDERS[ranking.steps[0]], depth, ndcg[name]))
    return {
        "base": base,
        "ndcg": ndcg,
        "effects": effects,
        "strategies": by_value(
            {name: ndcg[f"{base}+{name}"] for name in effects if name not in COMPUTED_STRATEGIES}
        ),
        "controls": controls,
    }


def computed_orders(dataset: str, place: str, base: str) -> Context:
    """A base and the orders that strategies compute of it: NDCG, its difference, and what else."""
    tested = read_intervals(Path("metrics") / dataset / "intervals.json").splits[place]
    column = protocol_column(summary_models(dataset), place, "full")
    names = [base, *(f"{base}+{name}" for name in sorted(COMPUTED_STRATEGIES))]
    rows = [
        (name, tested.metrics[NDCG][name], [column[name].get(key) for key in BESIDE])
        for name in names
        if name in column
    ]
    return {"rows": rows, "beside": BESIDE, "place": place, "users": tested.users}
