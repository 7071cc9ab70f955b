"""What an import understood of a person's files, as `e2ep data import` shows it."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from textwrap import wrap
from typing import Any

from rich.text import Text

from e2ep_cli.console import PlainConsole
from e2ep_cli.views.tables import WholeTable, name_column, number_column, show_table
from stages.contracts.understood import Understood
from stages.data.check import time_span
from stages.data.dataset import Dataset
from stages.data.imports import ReadImport
from stages.data.manifest import counted
from stages.data.sheets.faults import brief

_WIDEST = len("occupation")
_LONGEST_TITLE = 200


def show_understood(data: Dataset) -> None:
    """Each file and its columns, what the ratings mean, and three of them."""
    if data.understood is not None:
        show_files(data.understood)
        _show_facts("what they mean", meaning_facts(data, data.understood))
        _show_sample(data)


def show_files(understood: Understood | None) -> None:
    """Each file: which column is what, how it is written, and what became of its rows."""
    for file in understood.files if understood else ():
        _show_facts(f"{file.holds}: {file.file}", file.facts())


def import_as_json(imported: ReadImport, written: bool) -> str:
    """The same for programs; `written` unless it was a dry run."""
    data = imported.data
    facts = {
        "name": data.name,
        "folder": str(imported.target),
        "written": written,
        **asdict(counted(data)),
        "scale": list(data.scale),
        "positive_at": data.positive_at,
        "implicit": data.implicit,
        "timestamps": data.timestamps,
        "understood": data.understood.model_dump(mode="json") if data.understood else None,
        "sample": sample_rows(data),
        "notes": [*imported.left_out, *imported.notes],
    }
    return json.dumps(facts, indent=1)


def meaning_facts(data: Dataset, understood: Understood) -> Iterator[tuple[str, str]]:
    """What the ratings say, their times, and what has no counterpart in another file."""
    count, (low, high) = len(data.ratings), data.scale
    if data.implicit:
        yield (
            "implicit",
            (f"each of the {count:,} rows says that a user {data.words.done} {data.words.an_item}"),
        )
    else:
        share = f"{understood.liked:,} of {count:,} ratings, {understood.liked / count:.1%}"
        yield "scale", f"{low:g} to {high:g}"
        yield "liked", f"from {data.positive_at:g}: {share}"
    yield "times", time_span(data)
    if understood.unmatched:
        yield "unmatched", understood.counterparts


def sample_rows(data: Dataset) -> list[dict[str, Any]]:
    """The first rating, one from the middle and the last, as understood."""
    count = len(data.ratings)
    places = sorted({0, count // 2, count - 1})
    titles = data.movies.set_index("movie_id")["title"]
    return [
        {
            "user": row["user_id"],
            "item": row["movie_id"],
            "title": titles[row["movie_id"]],
            "rating": None if data.implicit else round(float(row["rating"]), 5),
            "time": _moment(int(row["timestamp"])),
        }
        for row in data.ratings.iloc[places].to_dict("records")
    ]


def _moment(seconds: int) -> str | None:
    """A time as date and time of day; None if it is unknown."""
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M}" if seconds else None


def _show_facts(heading: str, facts: Iterable[tuple[str, str]]) -> None:
    """A line per fact, or more where it is long; no word is split."""
    console, indent = PlainConsole(), _WIDEST + 3
    console.print(heading, style="bold", soft_wrap=True)
    for name, fact in facts:
        room = max(console.width - indent, 20)
        lines = wrap(fact, room, break_long_words=False, break_on_hyphens=False)
        text = f"\n{' ' * indent}".join(lines)
        console.print(Text.assemble((f"  {name:<{_WIDEST}} ", "dim"), text), soft_wrap=True)
    console.print()


def _show_sample(data: Dataset) -> None:
    table = WholeTable(
        *(name_column("user"), name_column("item"), "title"),
        *([] if data.implicit else [number_column("rating")]),
        *([name_column("time (UTC)")] if data.timestamps else []),
    )
    for row in sample_rows(data):
        rating = [] if data.implicit else [f"{row['rating']:g}"]
        time = [row["time"] or "unknown"] if data.timestamps else []
        table.add_row(row["user"], row["item"], brief(row["title"], _LONGEST_TITLE), *rating, *time)
    show_table(table)
