"""What a server refused in this run, so that the next step of the run need not learn it again.

A run is one command: `e2ep` leaves its number in E2EP_RUN. Without one nothing is kept, and a
server that was mended is asked in full by the next command.
"""

import os
import time
from contextlib import closing

from stages.core.cache import cache_folder, opened

_TABLE = (
    "CREATE TABLE IF NOT EXISTS refused (run TEXT, address TEXT, model TEXT, part TEXT, at REAL, "
    "PRIMARY KEY (run, address, model, part)) STRICT"
)
_KEPT_SECONDS = 30 * 86400.0


class RefusedParts:
    """The parts of a request that one server refused for one model."""

    def __init__(self, address: str, model: str) -> None:
        self.run, self.server = os.environ.get("E2EP_RUN", ""), (address, model)
        self.file = cache_folder() / "refused.sqlite"

    def parts(self) -> frozenset[str]:
        """What earlier steps of this run learned."""
        if not self.run or not self.file.exists():
            return frozenset()
        sql = "SELECT part FROM refused WHERE run = ? AND address = ? AND model = ?"
        with closing(opened(self.file, [_TABLE])) as database:
            return frozenset(row[0] for row in database.execute(sql, (self.run, *self.server)))

    def add(self, part: str) -> None:
        """Keep one more part, and drop what old runs left."""
        if not self.run:
            return
        now = time.time()
        with closing(opened(self.file, [_TABLE])) as database:
            database.execute("DELETE FROM refused WHERE at < ?", (now - _KEPT_SECONDS,))
            row = (self.run, *self.server, part, now)
            database.execute("INSERT OR IGNORE INTO refused VALUES (?, ?, ?, ?, ?)", row)
