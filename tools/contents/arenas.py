"""Our models on public data in a fixed split, beside what others published for it."""

import csv
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from tools.blocks import Context
from tools.contents.rankings import only_models, protocol_column, summary_models

PUBLISHED = Path("docs/published.csv")
OURS = ("e2ep", "blend")
"""Models of ours; the others that are measured are baselines."""


class ModelFigure(NamedTuple):
    """A model's figure."""

    value: float
    model: str


def arenas(*datasets: str) -> Context:
    """A row per data set and metric: our best, the best baseline measured here, and published.

    None where no model of ours has been measured.
    """
    with PUBLISHED.open(encoding="utf-8", newline="") as file:
        published = [row for row in csv.DictReader(file) if row["dataset"] in datasets]
    rows = []
    for (dataset, place, metric), group in groupby(
        published, lambda row: (row["dataset"], row["place"], row["metric"])
    ):
        column = protocol_column(summary_models(dataset), place, "full")
        here = [ModelFigure(column[name][metric], name) for name in only_models(column)]
        best = [
            max(figures, default=None)
            for figures in (
                [figure for figure in here if figure.model in OURS],
                [figure for figure in here if figure.model not in OURS],
                [ModelFigure(float(row["value"]), row["model"]) for row in group],
            )
        ]
        rows.append((dataset, place, metric, best))
    return {"rows": rows}
