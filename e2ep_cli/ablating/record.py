"""experiments/results/ablations-<dataset>.csv: the last row per ablation, ranking and metric."""

import csv
import io
from collections.abc import Iterable
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

from e2ep_cli.ablating.rows import AblationRow
from stages.core.errors import DamagedError
from stages.core.files import write_text

_NUMBERS = ("value", "difference", "low", "high", "seconds", "dollars")


def kept(folder: Path, dataset: str, rows: list[AblationRow]) -> list[AblationRow]:
    """Replace earlier rows by these; returns them with the seconds that the file already had."""
    known = known_rows(folder, dataset)
    rows = remembered(rows, [*known, *rows])
    newest = {row.key: row for row in [*known, *rows]}
    write_text(_table(folder, dataset), rows_as_csv(newest.values()))
    return rows


def known_rows(folder: Path, dataset: str) -> list[AblationRow]:
    """The rows of earlier runs."""
    path = _table(folder, dataset)
    try:
        return rows_from_csv(path.read_text(encoding="utf-8")) if path.exists() else []
    except (KeyError, TypeError, ValueError) as error:
        raise DamagedError(
            f"{path} is not a table of ablations; put it back with git, or delete it"
        ) from error


def _table(folder: Path, dataset: str) -> Path:
    return folder / "experiments" / "results" / f"ablations-{dataset}.csv"


def remembered(rows: Iterable[AblationRow], known: Iterable[AblationRow]) -> list[AblationRow]:
    """`rows`, in which those without seconds take them from a known row of the same fits.

    A fit that DVC had in its cache was not trained again.
    """
    seen = {row.made: row.seconds for row in known if row.seconds is not None}
    return [
        row if row.seconds is not None else replace(row, seconds=seen.get(row.made)) for row in rows
    ]


def rows_as_csv(rows: Iterable[AblationRow]) -> str:
    """Rows as a table; an empty cell is None."""
    stream = io.StringIO()
    table = csv.DictWriter(
        stream, [field.name for field in fields(AblationRow)], lineterminator="\n"
    )
    table.writeheader()
    table.writerows({name: _cell(value) for name, value in asdict(row).items()} for row in rows)
    return stream.getvalue()


def rows_from_csv(text: str) -> list[AblationRow]:
    """The rows of a table in this form."""
    rows = []
    for cells in csv.DictReader(io.StringIO(text)):
        values: dict[str, Any] = {
            name: float(cells[name]) if cells[name] else None for name in _NUMBERS
        }
        rows.append(AblationRow(**{**cells, **values, "users": int(cells["users"])}))
    return rows


def _cell(value: object) -> object:
    return f"{value:.5f}".rstrip("0").rstrip(".") if isinstance(value, float) else value
