"""A server's list of its models, which may be anything."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from stages.core.reading import at, name_at, text_at

_MOST = 10_000
"""Rows that are read of a list."""


@dataclass(frozen=True)
class ListedModel:
    """A model that a server lists, and the day on which it retires it, if it says so."""

    name: str
    ends: date | None = None


def listed_models(body: Any) -> list[ListedModel]:
    """The models of OpenAI's form of a list, `data`, or of Google's, `models`."""
    data, models = at(body, "data"), at(body, "models")
    rows = data if isinstance(data, list) else models if isinstance(models, list) else []
    named = ((name_at(row, "id") or name_at(row, "name"), row) for row in rows[:_MOST])
    return [
        ListedModel(name.removeprefix("models/"), _day(text_at(row, "shutdown_date")))
        for name, row in named
        if name
    ]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
