"""The last days of models, and what follows them, as their providers announced them.

Of developers.openai.com/api/docs/deprecations and ai.google.dev/gemini-api/docs/deprecations, read
on 2026-11-28. Where OpenAI's pages named a GPT-5.6 model as the successor, this is the one that has
followed it since. A server whose list of models has dates knows better.
"""

import csv
import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

_TABLE = Path(__file__).with_name("endings.csv")
_DATED = re.compile(r"-\d{4}-\d{2}-\d{2}$")


@dataclass(frozen=True)
class Ending:
    """The day on which a provider retires a model, and the model that it names instead.

    From that day OpenAI no longer knows the name, and Google answers with the successor at its
    price.
    """

    day: date
    successor: str


@cache
def _endings() -> dict[str, Ending]:
    with _TABLE.open(encoding="utf-8", newline="") as lines:
        return {
            row["model"]: Ending(date.fromisoformat(row["day"]), row["successor"])
            for row in csv.DictReader(lines)
        }


def ending_of(model: str) -> Ending | None:
    """The announced end of a model, also by a dated name such as gpt-4o-mini-2024-07-18."""
    return _endings().get(model) or _endings().get(_DATED.sub("", model))
