"""Vectors for profiles: the mean of their pieces' unit vectors, scaled to length one."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
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
    features = [encoder.preprocess(distinct[at : at + batch_size]) for at in range(0, len(distinct), batch_size)]
    place = {text: row for row, text in enumerate(distinct)}
    return np.concatenate(_forward(features, encoder))[[place[text] for text in texts]]


def _forward(features: Sequence[Any], encoder: Any) -> list[np.ndarray]:
    """Each batch's unit vectors: a batch a core, on one thread each.

    Threads within a batch would wait for each other wherever other work runs beside them, up to five times as long.
    """
    import torch

    def vectors(batch: Any) -> np.ndarray:
        with torch.inference_mode():
            embedding = encoder.forward(batch)["sentence_embedding"]
            return np.asarray(torch.nn.functional.normalize(embedding, dim=1))

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with ThreadPoolExecutor(cores()) as pool:
            return list(progress(pool.map(vectors, features), "embedding", len(features)))
    finally:
        torch.set_num_threads(threads)


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
