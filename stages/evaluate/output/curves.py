"""curves.csv: every metric against k, a row per point."""

import csv
import io
from collections.abc import Iterable

from stages.contracts.metrics.numbers import CurvePoint


def curves_text(points: Iterable[CurvePoint]) -> str:
    """The points as CSV, sorted, five decimals."""
    rows = sorted((p.model, p.split, p.protocol, p.k, p.metric, f"{p.value:.5f}") for p in points)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(CurvePoint.model_fields)
    writer.writerows(rows)
    return text.getvalue()
