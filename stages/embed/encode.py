"""Vectors for profiles: the mean of their pieces' unit vectors, scaled to length one."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from typing import Any

import numpy as np

from stages.core.log import progress
from stages.embed.encoder import Encoder
from stages.embed.texts import Pieces, longer_than, windows


def encode_profiles(
    pieces: Sequence[Pieces], encoder: Encoder, batch_size: int, whole: bool
) -> tuple[np.ndarray, int]:
    """Vectors (profiles, dimensions) in float32, and how many texts the model cut (if `whole`)."""
    if not whole:
        pieces = [
            [part for text in texts for part in windows(text, encoder.length, encoder.window)]
            for texts in pieces
        ]
    flat = [text for texts in pieces for text in texts]
    vectors = _batched(flat, encoder, batch_size)
    owner = np.repeat(np.arange(len(pieces)), [len(texts) for texts in pieces])
    sums = np.zeros((len(pieces), vectors.shape[1]), dtype=np.float64)
    np.add.at(sums, owner, vectors)
    unit = sums / np.linalg.norm(sums, axis=1, keepdims=True)
    cut = longer_than(flat, encoder.length, encoder.window) if whole else 0
    return unit.astype(np.float32), cut


def _batched(texts: Sequence[str], encoder: Encoder, batch_size: int) -> np.ndarray:
    """Unit vectors of the texts, each distinct one computed once; shape (texts, dimensions)."""
    batches = encoder.batches(set(texts), batch_size)
    place = {text: row for row, text in enumerate(chain.from_iterable(batches))}
    features = [encoder.features(batch) for batch in batches]
    return np.concatenate(_forward(features, encoder))[[place[text] for text in texts]]


def _forward(features: Sequence[dict[str, Any]], encoder: Encoder) -> list[np.ndarray]:
    """Each batch's unit vectors: one batch per core, on one thread each.

    Threads within a batch would wait for each other whenever other work runs at the same time,
    which takes up to five times as long.
    """
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with ThreadPoolExecutor(cores()) as pool:
            return list(progress(pool.map(encoder.vectors, features), "embedding", len(features)))
    finally:
        torch.set_num_threads(threads)


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
