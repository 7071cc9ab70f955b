"""TMDB's answers, kept for as long as its terms allow, so that a second run asks nothing."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stages.core.cache import opened

_TABLE = (
    "CREATE TABLE IF NOT EXISTS answers "
    "(asked TEXT PRIMARY KEY, answer TEXT NOT NULL, day TEXT NOT NULL) STRICT"
)
_LOOK_UP = "SELECT answer FROM answers WHERE asked = ? AND day > date('now', ?)"
_KEEP = "INSERT OR REPLACE INTO answers VALUES (?, ?, date('now'))"


def question_key(base_url: str, path: str, query: Mapping[str, str]) -> str:
    """What identifies a question; the API key is not part of it."""
    return json.dumps([base_url, path, dict(query)], sort_keys=True, ensure_ascii=False)


class TmdbCache:
    """Answers by question, as JSON; `null` for what TMDB does not have."""

    def __init__(self, file: Path, days: int) -> None:
        self._database = opened(file, [_TABLE])
        self._age = f"-{days} days"

    def look_up(self, asked: str) -> tuple[bool, Any]:
        """Whether there is a recent enough answer, and the answer."""
        row = self._database.execute(_LOOK_UP, (asked, self._age)).fetchone()
        return (True, json.loads(row[0])) if row else (False, None)

    def keep(self, asked: str, answer: Any) -> None:
        """Commit an answer."""
        self._database.execute(_KEEP, (asked, json.dumps(answer, ensure_ascii=False)))

    def close(self) -> None:
        """Close the database."""
        self._database.close()
