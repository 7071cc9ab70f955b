"""The checksums of a file, and whether they are the official ones."""

import hashlib
from pathlib import Path

from pydantic import BaseModel, ConfigDict

_CHUNK = 1 << 20


class Checksums(BaseModel):
    """Both sums by which publishers name their files."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    md5: str
    sha256: str

    def differing(self, md5: str, sha256: str) -> str | None:
        """What differs from the official sums, in words; None if nothing that is known does."""
        for name, own, official in (("md5", self.md5, md5), ("sha256", self.sha256, sha256)):
            if official and own != official:
                return f"{name} {own}, not the official {official}"
        return None


def sums_of(path: Path) -> Checksums:
    """Both sums of a file, read once."""
    md5, sha256 = hashlib.md5(usedforsecurity=False), hashlib.sha256()
    with path.open("rb") as content:
        for chunk in iter(lambda: content.read(_CHUNK), b""):
            md5.update(chunk)
            sha256.update(chunk)
    return Checksums(md5=md5.hexdigest(), sha256=sha256.hexdigest())
