"""Vectors for profiles: the mean of their pieces' unit vectors, scaled to length one."""

from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache as cached
from typing import Any

import numpy as np

from stages.core.log import progress
from stages.core.spread import is_on_cluster, spread
from stages.core.threads import cores, limit_threads
from stages.embed.cache import VectorCache
from stages.embed.encoder import Encoder
from stages.embed.params import Backend
from stages.embed.texts import Pieces, longer_than, windows

EncoderName = tuple[str, Backend]
"""Of a model and a backend, by which a worker loads the same encoder."""


@dataclass(frozen=True)
class Encoded:
    """What became of profiles."""

    vectors: np.ndarray
    """(profiles, dimensions) in float32."""

    cut: int
    """How many texts the model cut (if `whole`)."""

    known: int
    """How many texts were in the cache."""


def encode_profiles(
    pieces: Sequence[Pieces],
    encoder: Encoder,
    batch_size: int,
    whole: bool,
    cache: VectorCache | None = None,
    name: EncoderName | None = None,
) -> Encoded:
    """One vector per profile; name: lets a cluster's workers load the encoder too."""
    if not whole:
        cut_up = {
            text: windows(text, encoder.length, encoder.window)
            for text in {text for texts in pieces for text in texts}
        }
        pieces = [[part for text in texts for part in cut_up[text]] for texts in pieces]
    flat = [text for texts in pieces for text in texts]
    distinct = set(flat)
    known = cache.look_up(distinct) if cache else {}
    new = _batched(distinct - known.keys(), encoder, batch_size, cache, name)
    vectors = np.stack([known[text] if text in known else new[text] for text in flat])
    owner = np.repeat(np.arange(len(pieces)), [len(texts) for texts in pieces])
    sums = np.zeros((len(pieces), vectors.shape[1]), dtype=np.float64)
    np.add.at(sums, owner, vectors)
    unit = sums / np.linalg.norm(sums, axis=1, keepdims=True)
    cut = longer_than(flat, encoder.length, encoder.window) if whole else 0
    return Encoded(unit.astype(np.float32), cut, sum(text in known for text in flat))


def _batched(
    texts: Collection[str],
    encoder: Encoder,
    batch_size: int,
    cache: VectorCache | None,
    name: EncoderName | None,
) -> dict[str, np.ndarray]:
    """The unit vector of each text; kept in the cache batch by batch."""
    batches = encoder.batches(texts, batch_size)
    features = [encoder.features(batch) for batch in batches]
    far = name is not None and is_on_cluster()
    made = _on_cluster(features, name) if far and name else _here(features, encoder)
    vectors: dict[str, np.ndarray] = {}
    for number, rows in progress(made, "embedding", len(features)) if features else ():
        if cache:
            cache.keep(batches[number], rows)
        vectors |= zip(batches[number], rows, strict=True)
    return vectors


def _here(features: Sequence[Any], encoder: Encoder) -> Iterator[tuple[int, np.ndarray]]:
    """Each batch's number and unit vectors: one batch per core, on one thread each.

    Threads within a batch would wait for each other whenever other work runs at the same time,
    which takes up to five times as long.
    """
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with ThreadPoolExecutor(cores()) as pool:
            yield from enumerate(pool.map(encoder.vectors, features))
    finally:
        torch.set_num_threads(threads)


def _on_cluster(features: Sequence[Any], name: EncoderName) -> Iterator[tuple[int, np.ndarray]]:
    """The same batches, hence the same bytes, by an encoder in each worker."""
    return spread(batch_vectors, features, shared={"name": name})


def batch_vectors(features: Any, name: EncoderName) -> np.ndarray:
    """Unit vectors of a batch, in a worker."""
    encoder = _loaded(*name)
    limit_threads(1)
    return encoder.vectors(features)


@cached
def _loaded(model: str, backend: Backend) -> Encoder:
    """The encoder of this process, loaded once."""
    from stages.embed.backend import load_encoder

    return load_encoder(model, backend)
