"""Vectors that outlive a run: SQLite in the cache folder, by text and by what makes the vector."""

import hashlib
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np

from stages.core.cache import opened

TABLE = "CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB NOT NULL) STRICT"


class VectorCache:
    """Unit vectors of texts in single precision, as one encoder makes them."""

    def __init__(self, file: Path, encoder: str) -> None:
        """encoder: weights, backend and version, since each of them moves the last digits."""
        self.encoder = encoder
        self.database = opened(file, [TABLE])

    def look_up(self, texts: Collection[str]) -> dict[str, np.ndarray]:
        """The vectors of those texts that have been embedded before."""
        known = {}
        for text in texts:
            row = self.database.execute(
                "SELECT vector FROM vectors WHERE key = ?", (self._key(text),)
            ).fetchone()
            if row:
                known[text] = np.frombuffer(row[0], dtype="<f4")
        return known

    def keep(self, texts: Collection[str], vectors: np.ndarray) -> None:
        """Store the vectors (texts, dimensions) at once."""
        rows = [
            (self._key(text), vector.astype("<f4").tobytes())
            for text, vector in zip(texts, vectors, strict=True)
        ]
        self.database.execute("BEGIN IMMEDIATE")
        self.database.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)
        self.database.execute("COMMIT")

    def close(self) -> None:
        """Close the database."""
        self.database.close()

    def _key(self, text: str) -> bytes:
        return hashlib.sha256(f"{self.encoder}\n{text}".encode(errors="surrogatepass")).digest()


@contextmanager
def vector_cache(folder: Path, encoder: str | None) -> Iterator[VectorCache | None]:
    """The cache in `folder`, or None for an encoder whose vectors are not kept."""
    if encoder is None:
        yield None
        return
    with closing(VectorCache(folder / "vectors.sqlite", encoder)) as cache:
        yield cache
