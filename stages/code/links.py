"""DVC's list of the outputs that it made, kept empty so that DVC removes none of them.

`dvc exp run` in the workspace, and a bare `dvc checkout` or `dvc pull`, remove every output on that
list which dvc.yaml does not name now. Its stages carry the name of one data set, so what was made
for all other data sets would go. Without the list DVC removes nothing on its own: what a stage no
longer makes, or a `.dvc` file of another branch brought, stays until somebody removes it; evaluate
removes what the lists of params.yaml no longer name.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from stages.core.files import write_text

_WHERE = Path(".dvc/tmp/links-kept-empty")
"""Holds the path of the list, since importing DVC to ask for it takes most of a second."""
_TRIGGER = (
    "CREATE TRIGGER IF NOT EXISTS kept_empty AFTER INSERT ON Cache "
    "BEGIN DELETE FROM Cache WHERE rowid = NEW.rowid; END"
)


def keep_links_empty(root: Path) -> None:
    """Empty the list of the DVC project in `root`, if there is one, and let nothing be added."""
    if not (root / ".dvc").is_dir():
        return
    noted = root / _WHERE
    path = Path(noted.read_text(encoding="utf-8")) if noted.exists() else None
    if path is None or not path.exists():
        path = links_database(root)
        write_text(noted, str(path))
    with closing(sqlite3.connect(path, timeout=60)) as database, database:
        database.execute(_TRIGGER)
        database.execute("DELETE FROM Cache")


def links_database(root: Path) -> Path:
    """The SQLite file in which DVC keeps the list, which is outside the project."""
    from dvc.repo import Repo

    with Repo(str(root)) as repo:
        return Path(repo.state.links.directory) / "cache.db"
