"""The run that is served now: a newer one takes its place while requests are answered."""

import threading
from collections.abc import Callable
from datetime import datetime

from e2ep_cli.runs.alone import is_at_work
from e2ep_cli.serving.answers.about import about_run
from e2ep_cli.serving.held.loaded import LoadedRun
from e2ep_cli.serving.held.stamps import Stamp, again
from e2ep_cli.serving.http.observing import server_log
from stages.core.errors import E2epError


class ServedRun:
    """Holds a loaded run, and looks every few seconds for a newer one.

    A request keeps the run that it began with. One that cannot be read is left until its files
    change again, and what was there is served on.
    """

    def __init__(self, load: Callable[[], LoadedRun], every: float) -> None:
        self._load, self._every = load, every
        self.reloads = 0
        self._take(load())
        self._refused: Stamp | None = None
        self._over = threading.Event()
        self._looking: threading.Thread | None = None

    def _take(self, loaded: LoadedRun) -> None:
        warm(loaded)
        self.about = about_run(loaded)
        self.loaded_at = datetime.now()
        self.current = loaded

    def look(self) -> bool:
        """Read the run again if it was made again since; whether it was."""
        now = again(self.current.stamp)
        if now in (self.current.stamp, self._refused) or is_at_work(self.current.run):
            return False
        try:
            loaded = self._load()
            if again(self.current.stamp) != now:
                return False  # something was written while it was read
        except (E2epError, OSError) as error:
            self._refused = now
            server_log(f"the run was not read again: {error}")
            return False
        self._take(loaded)
        self.reloads, self._refused = self.reloads + 1, None
        server_log(f"run {loaded.run.name} was made again and is served now")
        return True

    def start(self) -> None:
        """Look from now on."""

        def look() -> None:
            while not self._over.wait(self._every):
                try:
                    self.look()
                except Exception as error:
                    server_log(f"looking for a newer run failed: {error!r}")

        self._looking = threading.Thread(target=look, daemon=True)
        self._looking.start()

    def stop(self) -> None:
        """Look no more."""
        self._over.set()
        if self._looking:
            self._looking.join()


def warm(loaded: LoadedRun) -> None:
    """Compute what a loaded run computes once, so that no request waits for it."""
    for name in ("first", "catalogue", "by_id", "row_of", "counts", "counts_of_users", "users"):
        getattr(loaded, name)
    loaded.titles.row(loaded.catalogue[0].item_id)
    loaded.search.rows("", 1)
