"""MD5 of a run's files, remembered by time and size, so that a file is read once."""

import hashlib
import json
from contextlib import suppress
from pathlib import Path

from stages.core.files import write_text

_KEPT = Path(".dvc/tmp/e2ep-hashes.json")


class Hashes:
    """The hashes of files in one folder; `keep` stores what was new."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.known: dict[str, list[int | str]] = {}
        self.is_new = False
        with suppress(OSError, ValueError):
            self.known = dict(json.loads((folder / _KEPT).read_bytes()))

    def md5(self, file: Path) -> str:
        """The hash of a file below the folder."""
        name, stat = str(file.relative_to(self.folder)), file.stat()
        seen = [stat.st_mtime_ns, stat.st_size, stat.st_ino]
        if name not in self.known or self.known[name][:3] != seen:
            with file.open("rb") as content:
                digest = hashlib.file_digest(content, "md5").hexdigest()
            self.known[name], self.is_new = [*seen, digest], True
        return str(self.known[name][3])

    def keep(self) -> None:
        """Store the hashes, if the folder can be written to."""
        if self.is_new and (self.folder / ".dvc").is_dir():
            with suppress(OSError):
                write_text(self.folder / _KEPT, json.dumps(self.known))
