"""curves.csv and trade_offs.csv: a row per point, sorted, five decimals."""

import csv
import io
from collections.abc import Iterable

from stages.contracts.metrics.numbers import CurvePoint, TradeOff


def curves_text(points: Iterable[CurvePoint]) -> str:
    """Every metric against k."""
    rows = sorted((p.model, p.split, p.protocol, p.k, p.metric, f"{p.value:.5f}") for p in points)
    return _csv_text(CurvePoint.model_fields, rows)


def trade_offs_text(points: Iterable[TradeOff]) -> str:
    """Every metric against the knob of an order."""
    rows = sorted((p.base, p.split, p.strategy, p.knob, p.metric, p.value) for p in points)
    written = ((*names, f"{knob:g}", key, f"{value:.5f}") for *names, knob, key, value in rows)
    return _csv_text(TradeOff.model_fields, written)


def _csv_text(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return text.getvalue()
