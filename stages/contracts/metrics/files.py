"""Readers of the files of metrics/<dataset>/, which evaluate and `e2ep memorised` write.

Each takes the path of the file; it raises MissingError if there is none, and DamagedError if it is
damaged or was written by another version of the project.
"""

import csv
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from stages.contracts.metrics.calls import LlmCalls
from stages.contracts.metrics.explanations import Explanations
from stages.contracts.metrics.memorised import Memorised
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
from stages.contracts.rows import Row
from stages.core.errors import DamagedError
from stages.core.files import existing

T = TypeVar("T")
R = TypeVar("R", bound=Row)
_AGAIN = "run `e2ep run` to make it again"


def read_summary(path: Path) -> Summary:
    """Every number of every ranking."""
    return parsed_rows(existing(path).read_bytes(), Summary, path)


def read_headline(path: Path) -> Headline:
    """The numbers that `dvc metrics show` prints."""
    return parsed_rows(existing(path).read_bytes(), Headline, path)


def read_intervals(path: Path) -> Intervals:
    """Paired differences with their intervals and p values."""
    return parsed_rows(existing(path).read_bytes(), Intervals, path)


def read_groups(path: Path) -> Groups:
    """Each group of users against the others."""
    return parsed_rows(existing(path).read_bytes(), Groups, path)


def read_explanations(path: Path) -> Explanations:
    """The measures of all explanations."""
    return parsed_rows(existing(path).read_bytes(), Explanations, path)


def read_llm(path: Path) -> LlmCalls:
    """What every step asked of a chat model."""
    return parsed_rows(existing(path).read_bytes(), LlmCalls, path)


def read_rerank(path: Path) -> Rerankings:
    """The effect of every reranking."""
    return parsed_rows(existing(path).read_bytes(), Rerankings, path)


def read_record(path: Path) -> RunRecord:
    """What made the numbers."""
    return parsed_rows(existing(path).read_bytes(), RunRecord, path)


def read_memorised(path: Path) -> Memorised:
    """What language models recite of the data set; nothing where nothing was measured."""
    if not path.exists():
        return {}
    return parsed_rows(
        path.read_bytes(), Memorised, path, "delete it and run `e2ep memorised` again"
    )


def read_curves(path: Path) -> list[CurvePoint]:
    """Every point of every curve."""
    return _table(path, CurvePoint)


def read_trade_offs(path: Path) -> list[TradeOff]:
    """NDCG and what is weighed against it, by knob."""
    return _table(path, TradeOff)


def _table(path: Path, kind: type[R]) -> list[R]:
    try:
        rows = csv.DictReader(existing(path).read_bytes().decode().splitlines())
        if rows.fieldnames != list(kind.model_fields):
            raise ValueError("its columns are not " + ", ".join(kind.model_fields))
        return TypeAdapter(list[kind]).validate_python(list(rows))  # type: ignore[valid-type]
    except (ValueError, csv.Error) as error:
        raise DamagedError(_sentence(path, error, _AGAIN)) from error


def parsed_rows(body: bytes, kind: type[T] | Any, where: Path | str, cure: str = _AGAIN) -> T:
    """The JSON of a file as `kind`, which is a row type or a dictionary of them."""
    try:
        return TypeAdapter[T](kind).validate_json(body)
    except ValidationError as error:
        raise DamagedError(_sentence(where, error, cure)) from error


def _sentence(where: Path | str, error: Exception, cure: str) -> str:
    if not isinstance(error, ValidationError):
        return f"{where} is damaged: {error}; {cure}"
    fault = error.errors()[0]
    if fault["type"] == "json_invalid":
        return f"{where} is damaged: {fault['msg'].lower()}; {cure}"
    key, said = " → ".join(map(str, fault["loc"])), fault["msg"].lower()
    said = {"missing": "is missing", "extra_forbidden": "is not known"}.get(fault["type"], said)
    return f"{where} is damaged, or of another version of e2ep: {key}: {said}; {cure}"
