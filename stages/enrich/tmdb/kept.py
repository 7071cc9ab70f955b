"""TMDB's answers, kept for as long as its terms allow, so that a second run asks nothing."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stages.llm.store.database import opened

TABLE = "CREATE TABLE IF NOT EXISTS answers (asked TEXT PRIMARY KEY, answer TEXT NOT NULL, day TEXT NOT NULL) STRICT"
FRESH = "SELECT answer FROM answers WHERE asked = ? AND day > date('now', ?)"
KEEP = "INSERT OR REPLACE INTO answers VALUES (?, ?, date('now'))"


def question(base_url: str, path: str, query: Mapping[str, str]) -> str:
    """What identifies a question; the key is no part of it."""
    return json.dumps([base_url, path, dict(query)], sort_keys=True, ensure_ascii=False)


class Kept:
    """Answers by question, as JSON; `null` for what TMDB does not have."""

    def __init__(self, file: Path, days: int) -> None:
        self._database = opened(file, [TABLE])
        self._age = f"-{days} days"

    def look_up(self, asked: str) -> tuple[bool, Any]:
        """If there is an answer young enough, and the answer."""
        row = self._database.execute(FRESH, (asked, self._age)).fetchone()
        return (True, json.loads(row[0])) if row else (False, None)

    def keep(self, asked: str, answer: Any) -> None:
        """Commit an answer."""
        self._database.execute(KEEP, (asked, json.dumps(answer, ensure_ascii=False)))

    def close(self) -> None:
        """Close the database."""
        self._database.close()
