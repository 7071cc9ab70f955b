"""curves.csv: every metric against k, a row a point."""

import csv
import io
from collections.abc import Iterable

from stages.evaluate.protocols.measure import Point

HEADER = ("model", "split", "protocol", "k", "metric", "value")


def curves_text(points: Iterable[tuple[str, str, Point]]) -> str:
    """(model, split, point) as CSV, sorted, five decimals."""
    rows = sorted(
        (model, split, p.protocol, p.k, p.metric, f"{p.value:.5f}") for model, split, p in points
    )
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(rows)
    return text.getvalue()
