"""What does a linear model lose with the largest weights alone, or on the nearest items alone?

    python benchmarks/nearest.py [--artifacts FOLDER]... [--l2 250] [--split last]

EASE on 4 and 5 stars, fitted on the split's train and judged by NDCG@10 on its valid; test is not
read. The whole matrix items × items stands beside the 30, 100, 300 … largest weights of each of its
rows (stages/linear/kept.py), and beside regressions on the 30, 100, 300 … nearest items
(stages/linear/nearby.py). Intervals are of the paired difference, 1.96 standard errors over
users. A set needs `e2ep data add NAME` and, for its rows, `e2ep run --dataset NAME --set
'splits=[last]'`; the result is added to those of other sets. For MovieLens 1M: --split fold-1
--l2 500.
"""

import json
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from machine import Clock, machine, versions

from stages.contracts.scale import POSITIVE
from stages.core.errors import one_sentence
from stages.core.files import write_json
from stages.core.tables import read_json
from stages.linear import nearby
from stages.linear.kept import Weights, largest, weighed
from stages.linear.regression import linear_weights
from stages.train.fitting.sources import Sources, split_rows
from stages.train.fitting.validation import validation_ndcg

RESULT = Path(__file__).parent / "results" / "nearest.json"
PACKAGES = ("numpy", "scipy")


@one_sentence
def main(
    artifacts: Annotated[Path, typer.Option(help="What `e2ep run` wrote for a data set.")] = Path(
        "runs/amazon-beauty-2014/artifacts/amazon-beauty-2014"
    ),
    split: Annotated[str, typer.Option(help="Whose train and valid are read.")] = "last",
    l2: Annotated[float, typer.Option(min=0, help="λ.")] = 250.0,
    many: Annotated[str, typer.Option(help="Weights or items, with commas.")] = "30,100,200,400",
    out: Annotated[Path, typer.Option(help="File for the result.")] = RESULT,
) -> None:
    """Measure one data set."""
    sources = Sources(artifacts / "prepare", artifacts / "enrich" / "movies.parquet", artifacts)
    rows = split_rows(sources, split, None)
    liked = rows.train[rows.train["rating"] >= POSITIVE]
    ratings = rows.seen(liked).astype(np.float32)
    judge = validation_ndcg(
        rows.seen(rows.valid[rows.valid["rating"] >= POSITIVE]),
        rows.seen(rows.train),
        np.ones(rows.n_items, dtype=bool),
    )

    def ndcg(weights: Weights) -> np.ndarray:
        return judge(lambda users: weighed(ratings[users], weights))

    def measured(weights: Weights, clock: Clock) -> dict[str, float]:
        ndcgs = ndcg(weights)
        gain = ndcgs - base
        return {
            "ndcg@10": round(float(ndcgs.mean()), 5),
            "difference": round(float(gain.mean()), 5),
            "interval": round(1.96 * float(gain.std(ddof=1)) / len(gain) ** 0.5, 5),
            "seconds": round(clock.seconds, 1),
        }

    with (clock := Clock()).running():
        whole = linear_weights(ratings, l2, most_items=rows.n_items)
    assert isinstance(whole, np.ndarray)
    base = ndcg(whole)
    found: dict[str, Any] = {"whole": measured(whole, clock)}
    for kind, fit in (
        ("largest", partial(largest, whole)),
        ("nearest", partial(_near, ratings, l2)),
    ):
        for number in map(int, many.split(",")):
            with (clock := Clock()).running():
                weights = fit(number)
            found[f"{kind} {number}"] = measured(weights, clock)
    before = read_json(out) if out.is_file() else {"sets": {}}
    size = {"users": len(base), "items": rows.n_items, "split": split, "l2": l2}
    result = {
        "machine": machine(),
        "versions": versions(PACKAGES),
        "sets": before["sets"] | {artifacts.name: size | {"weights": found}},
    }
    write_json(out, result)
    print(json.dumps(result, indent=1))


def _near(ratings: Any, l2: float, number: int) -> Weights:
    nearby.NEAREST = number
    return linear_weights(ratings, l2, most_items=1)


if __name__ == "__main__":
    typer.run(main)
