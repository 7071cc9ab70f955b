"""How fast does OpenVINO embed profiles compared with sentence-transformers, and how alike?

    python benchmarks/embed.py [--runs 5] [--profiles FILE] [--out FILE]

sentence-transformers runs torch in single precision. Needs the extra `fast` and the sample's
profiles (`e2ep profile`). The texts are 384 of 160 to 256 word pieces, 220 in the mean as
MovieLens' profiles have: a film's sections in one text, then those of the films after it, cut.
Both sides embed them by the stage's own path, tokenizing included, with batches of at most 32, one
on each core at a time; after one run each to warm up, they take turns. `load_seconds` do not count:
torch's have its imports, OpenVINO's its compiling. `cpu_seconds` are the process's: other work on
the machine moves them less. `apart_by_batch_size` is the largest difference of a vector's entry
between batches of 1, 7 and 32. A quick look: --runs 1 --out /dev/null.
"""

import json
import os
import time
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Annotated, Any

import numpy as np
import typer
from machine import Clock, machine, versions

from stages.contracts.rows import ItemProfile
from stages.core.errors import one_sentence
from stages.core.files import write_json
from stages.core.tables import read_jsonl
from stages.core.threads import cores
from stages.embed.backend import load_encoder
from stages.embed.encode import encode_profiles
from stages.embed.encoder import Encoder
from stages.embed.library import LibraryEncoder
from stages.embed.texts import sections
from stages.embed.weights import load_model

RESULT = Path(__file__).parent / "results" / "embed.json"
PROFILES = Path("artifacts/sample/profile/items.jsonl")
PACKAGES = ("numpy", "torch", "sentence-transformers", "transformers", "openvino")
TEXTS, PIECES, BATCH = 384, (160, 256), 32
DOCS = "docs_per_second"


@one_sentence
def main(
    runs: Annotated[
        int, typer.Option(min=1, help="Runs of both sides in turn; the median counts.")
    ] = 5,
    profiles: Annotated[Path, typer.Option(help="Movie profiles (jsonl).")] = PROFILES,
    out: Annotated[Path, typer.Option(help="File for the result.")] = RESULT,
) -> None:
    """Measure both sides."""
    start = time.perf_counter()
    peer = LibraryEncoder(load_model("bundled"))
    loaded = time.perf_counter()
    ours = load_encoder("bundled", "openvino")
    ready = time.perf_counter()
    texts = lengthened(
        [" ".join(sections(row.profile, True)) for row in read_jsonl(profiles, ItemProfile)], peer
    )
    pieces = [peer.length(text) for text in texts]
    vectors = [embedded(texts, encoder) for encoder in (ours, peer)]
    found = [{side.backend: measured(texts, side) for side in (ours, peer)} for _ in range(runs)]
    sides = {side.backend: medians([run[side.backend] for run in found]) for side in (ours, peer)}
    result = {
        "machine": machine(),
        "versions": versions(PACKAGES),
        "case": {
            "texts": TEXTS,
            "word_pieces": {"mean": float(np.mean(pieces)), "most": max(pieces)},
            "batch": BATCH,
        },
        "cores": cores(),
        "load_seconds": {
            ours.backend: round(ready - loaded, 1),
            peer.backend: round(loaded - start, 1),
        },
        "runs": found,
        "medians": sides,
        "cosine_min": round(float(np.sum(vectors[0] * vectors[1], axis=1).min()), 6),
        "apart_by_batch_size": {
            side.backend: apart_by_batch_size(texts, side) for side in (ours, peer)
        },
        "ratios": {
            name: round(sides[ours.backend][name] / sides[peer.backend][name], 2)
            for name in (DOCS, "docs_per_cpu_second")
        },
    }
    write_json(out, result)
    print(json.dumps(result, indent=1))


def lengthened(texts: Sequence[str], encoder: Encoder) -> list[str]:
    """TEXTS texts, each of one and those after it, of lengths spread over PIECES word pieces."""
    aims = np.clip(np.random.default_rng(7).normal(220, 20, TEXTS), *PIECES).astype(int)
    joined = [
        " ".join(texts[(row + more) % len(texts)] for more in range(4)) for row in range(TEXTS)
    ]
    return [cut(text, int(aim), encoder) for text, aim in zip(joined, aims, strict=True)]


def cut(text: str, pieces: int, encoder: Encoder) -> str:
    """The words of `text` that fit into this many word pieces."""
    words = text.split()
    fits = bisect_right(
        range(len(words) + 1), pieces, key=lambda n: encoder.length(" ".join(words[:n]))
    )
    return " ".join(words[: fits - 1])


def embedded(texts: Sequence[str], encoder: Encoder, batch: int = BATCH) -> np.ndarray:
    """Vectors (texts, dimensions)."""
    return encode_profiles([[text] for text in texts], encoder, batch, whole=True).vectors


def measured(texts: Sequence[str], encoder: Encoder) -> dict[str, float]:
    """One run's seconds and texts a second."""
    clock, load = Clock(), os.getloadavg()[0]
    with clock.running():
        embedded(texts, encoder)
    rates = {
        DOCS: len(texts) / clock.seconds,
        "docs_per_cpu_second": len(texts) / clock.cpu_seconds,
    }
    return {
        name: round(value, 2)
        for name, value in {**asdict(clock), **rates, "load_before": load}.items()
    }


def medians(runs: Sequence[dict[str, float]]) -> dict[str, float]:
    """Of each figure."""
    return {name: round(median(run[name] for run in runs), 2) for name in runs[0]}


def apart_by_batch_size(texts: Sequence[str], encoder: Encoder) -> float:
    """The largest difference between batches of 1, 7 and 32 in any entry of a vector."""
    found: list[Any] = [embedded(texts, encoder, batch) for batch in (1, 7, 32)]
    return float(np.ptp(found, axis=0).max())


if __name__ == "__main__":
    typer.run(main)
