"""All files of metrics/<dataset>/ at once, keys sorted, so that a diff in Git reads well."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, TypeAdapter

from stages.contracts.metrics.calls import LlmCalls
from stages.contracts.metrics.explanations import Explanations
from stages.contracts.metrics.numbers import (
    CurvePoint,
    Groups,
    Headline,
    Intervals,
    Summary,
    TradeOff,
)
from stages.contracts.metrics.record import RunRecord
from stages.contracts.metrics.rerankings import Rerankings
from stages.core.files import write_json, write_text
from stages.evaluate.output.curves import curves_text, trade_offs_text
from stages.evaluate.output.numbers import numbers_text


@dataclass(frozen=True)
class NumberFiles:
    """What evaluate writes, one file per field."""

    summary: Summary
    headline: Headline
    intervals: Intervals
    groups: Groups
    explanations: Explanations
    llm: LlmCalls
    rerank: Rerankings
    record: RunRecord
    curves: tuple[CurvePoint, ...]
    trade_offs: tuple[TradeOff, ...]

    def write(self, folder: Path) -> None:
        """Write them all; a file appears whole or not at all."""
        for name in ("headline", "explanations", "llm", "rerank", "record"):
            write_json(folder / f"{name}.json", plain(getattr(self, name)))
        for name in ("summary", "intervals", "groups"):
            write_text(folder / f"{name}.json", numbers_text(plain(getattr(self, name))))
        write_text(folder / "curves.csv", curves_text(self.curves))
        write_text(folder / "trade_offs.csv", trade_offs_text(self.trade_offs))


def plain(value: BaseModel | Mapping[str, Any]) -> Any:
    """Rows as dictionaries with the fields that were given, under the names that the file has."""
    kind = type(value) if isinstance(value, BaseModel) else dict
    return TypeAdapter(kind).dump_python(value, mode="json", by_alias=True, exclude_unset=True)
