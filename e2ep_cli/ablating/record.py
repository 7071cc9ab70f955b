"""experiments/results/ablations-<dataset>.csv: the last row of every ablation, ranking, splits and metric."""

import csv
import io
from collections.abc import Iterable
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

from e2ep_cli.ablating.rows import Row
from stages.core.errors import DamagedError
from stages.core.tables import write_text

NUMBERS = ("value", "difference", "low", "high", "seconds", "dollars")


def kept(folder: Path, dataset: str, rows: list[Row]) -> list[Row]:
    """Write the rows over those of earlier runs; they come back with the seconds that the file knew."""
    known = known_rows(folder, dataset)
    rows = remembered(rows, [*known, *rows])
    write_text(_table(folder, dataset), as_csv(merged(rows, known)))
    return rows


def known_rows(folder: Path, dataset: str) -> list[Row]:
    """The rows of earlier runs."""
    path = _table(folder, dataset)
    try:
        return from_csv(path.read_text(encoding="utf-8")) if path.exists() else []
    except (KeyError, TypeError, ValueError) as error:
        raise DamagedError(
            f"{path} is not a table of ablations; put it back with git, or delete it"
        ) from error


def _table(folder: Path, dataset: str) -> Path:
    return folder / "experiments" / "results" / f"ablations-{dataset}.csv"


def remembered(rows: Iterable[Row], known: Iterable[Row]) -> list[Row]:
    """`rows`, each without seconds given those of a known row of the same fits: what DVC had, it did not train again."""
    seen = {row.made: row.seconds for row in known if row.seconds is not None}
    return [
        row if row.seconds is not None else replace(row, seconds=seen.get(row.made)) for row in rows
    ]


def merged(rows: Iterable[Row], known: Iterable[Row]) -> list[Row]:
    """Both, a new row in the place of the known one with its key."""
    return list(({row.key: row for row in known} | {row.key: row for row in rows}).values())


def as_csv(rows: Iterable[Row]) -> str:
    """Rows as a table; an empty cell is None."""
    stream = io.StringIO()
    table = csv.DictWriter(stream, [field.name for field in fields(Row)], lineterminator="\n")
    table.writeheader()
    table.writerows({name: _cell(value) for name, value in asdict(row).items()} for row in rows)
    return stream.getvalue()


def from_csv(text: str) -> list[Row]:
    """The rows of such a table."""
    return [
        Row(**{**one, "users": int(one["users"]), **_numbers(one)})
        for one in csv.DictReader(io.StringIO(text))
    ]


def _numbers(cells: dict[str, str]) -> dict[str, Any]:
    return {name: float(cells[name]) if cells[name] else None for name in NUMBERS}


def _cell(value: Any) -> Any:
    return f"{value:.5f}".rstrip("0").rstrip(".") if isinstance(value, float) else value
