"""Vectors for profiles: the mean of their pieces' unit vectors, scaled to length one."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from stages.core.log import progress
from stages.embed.texts import Pieces, longer_than, windows


def encode_profiles(pieces: Sequence[Pieces], encoder: Any, batch_size: int, whole: bool) -> tuple[np.ndarray, int]:
    """Vectors (profiles, dimensions) in float32, and the number of pieces that the model cut (0 unless `whole`)."""
    tokenizer, most = encoder.tokenizer, int(encoder.max_seq_length)

    def length(text: str) -> int:
        return len(tokenizer(text, truncation=False, verbose=False)["input_ids"])

    if not whole:
        pieces = [[window for text in texts for window in windows(text, length, most)] for texts in pieces]
    flat = [text for texts in pieces for text in texts]
    vectors = _sorted_batches(flat, encoder, batch_size)
    owner = np.repeat(np.arange(len(pieces)), [len(texts) for texts in pieces])
    sums = np.zeros((len(pieces), vectors.shape[1]), dtype=np.float64)
    np.add.at(sums, owner, vectors)
    unit = sums / np.linalg.norm(sums, axis=1, keepdims=True)
    return unit.astype(np.float32), longer_than(flat, length, most) if whole else 0


def _sorted_batches(texts: Sequence[str], encoder: Any, batch_size: int) -> np.ndarray:
    """Unit vectors of distinct texts, longest first so that a batch holds equals; shape (texts, dimensions)."""
    distinct = sorted(set(texts), key=lambda text: (-len(text), text))
    starts = range(0, len(distinct), batch_size)
    batches = [
        encoder.encode(
            distinct[at : at + batch_size], batch_size=batch_size, normalize_embeddings=True, show_progress_bar=False
        )
        for at in progress(starts, "embedding", len(starts))
    ]
    place = {text: row for row, text in enumerate(distinct)}
    return np.concatenate(batches)[[place[text] for text in texts]]
