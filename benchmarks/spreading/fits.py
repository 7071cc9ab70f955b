"""The fits of a family's splits, on this machine and on Ray nodes."""

import hashlib
import os
import time
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from ray_nodes import RayNodes

from e2ep_cli.project.overrides import changed_params, parsed_settings
from e2ep_cli.runs.run import run_for
from stages.contracts.splits import every_split, family_of
from stages.core.errors import InputError
from stages.core.ids import natural_order
from stages.core.log import progress
from stages.core.parcels import pack
from stages.core.spread import GRAPH_WORKERS, spread
from stages.train.fits import Made, PlannedFit, made, read_fit, read_shared
from stages.train.fitting.sources import ItemSide, Sources
from stages.train.spreading import fits_at_once

EMPTY = 200
"""Parts that do nothing."""
T = TypeVar("T")


@dataclass(frozen=True)
class Work:
    """The fits of a family.

    here: what the fits gave on this machine without Ray, and the seconds that they took.
    """

    name: str
    fits: list[PlannedFit]
    items: ItemSide
    here: tuple[dict[int, str], float]

    def facts(self) -> dict[str, Any]:
        """What does not depend on the nodes."""
        return {
            "splits": [fit.rows.name for fit in self.fits],
            "bytes_per_fit": max(map(_size, self.fits)),
            "bytes_shared": _size({"items": self.items}),
            "here": {"fits": self.here[1]},
        }

    def killed(self, nodes: RayNodes) -> dict[str, Any]:
        """All fits while the last of the nodes is killed after the first; it is gone then."""
        began, results = time.perf_counter(), {}
        with closing(_fitted(self.fits, self.items)) as ended:
            for number, result in ended:
                results[number] = result
                if len(results) == 1:
                    nodes.kill(nodes.nodes[-1])
        return {"fits": time.perf_counter() - began, "same_bytes": self._same(results)}

    def graph_divided(self, workers: int) -> dict[str, Any]:
        """The first fit with its graph in this process, then on several workers."""
        alone, whole = timed(lambda: made(self.fits[0], self.items))
        os.environ[GRAPH_WORKERS] = str(workers)
        try:
            seconds, divided = timed(lambda: made(self.fits[0], self.items))
        finally:
            del os.environ[GRAPH_WORKERS]
        one, other = whole.fitted, divided.fitted
        return {
            "fit": self.fits[0].name,
            "workers": workers,
            "alone": alone,
            "fit_seconds": seconds,
            "same_bytes": _digest(whole) == _digest(divided),
            "valid_ndcg": {"alone": one.valid_ndcg, "divided": other.valid_ndcg},
        }

    def _same(self, results: dict[int, Made]) -> bool:
        return _digests(results) == self.here[0]

    def measured(self) -> dict[str, Any]:
        """Seconds of an empty part and of all fits.

        Each node has a worker by then, but the fits still begin with the import of torch.
        """
        empty, _ = timed(lambda: list(spread(natural_order, [["1"]] * EMPTY)))
        seconds, results = timed(lambda: dict(_fitted(self.fits, self.items)))
        return {
            "empty_part": empty / EMPTY,
            "fits": seconds,
            "same_bytes": self._same(results),
        }


def read_work(settings: str, family: str) -> Work:
    """The fits of e2ep, from the artifacts of `e2ep run` with these settings."""
    params = changed_params(Path(), parsed_settings([settings]))
    folder = run_for(Path(), parsed_settings([settings])).folder / "artifacts" / params["dataset"]
    sources = Sources(folder / "prepare", folder / "enrich/movies.parquet", folder / "embed")
    splits = [split for split in every_split(params) if family_of(split) == family]
    if not splits:
        raise InputError(f"--family {family}: {settings} has no split of it; name another family")
    items = read_shared(["e2ep"], params, sources)
    fits = [read_fit("e2ep", split, params, sources) for split in splits]
    seconds, results = timed(lambda: dict(_fitted(fits, items)))
    here = _digests(results), seconds
    return Work(f"{params['dataset']} {family}", fits, items, here)


def _fitted(fits: list[PlannedFit], items: ItemSide) -> Generator[tuple[int, Made], None, None]:
    with closing(fits_at_once(len(fits), fits.__getitem__, items)) as results:
        yield from progress(results, "spread: fits", len(fits))


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """Seconds, and what `work` gives."""
    began = time.perf_counter()
    done = work()
    return time.perf_counter() - began, done


def _digests(results: dict[int, Made]) -> dict[int, str]:
    """A hash of each fit's candidates and weights, by its number."""
    return {number: _digest(result) for number, result in results.items()}


def _digest(result: Made) -> str:
    hashed = hashlib.sha256()
    for frame in (result.fitted.candidates, result.fitted.valid_candidates):
        for column in frame.columns:
            hashed.update(frame[column].to_numpy().tobytes())
    for name, array in sorted(result.fitted.weights.items()):
        hashed.update(name.encode() + array.tobytes())
    return hashed.hexdigest()


def _size(value: Any) -> int:
    """Bytes that a value has on its way."""
    head, buffers = pack(value)
    return len(head) + sum(buffer.nbytes for buffer in buffers)
