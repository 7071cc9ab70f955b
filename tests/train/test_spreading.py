"""Fits in halves: in an order that keeps all workers busy, with the bytes of fits in one piece."""

from pathlib import Path
from typing import Any

import pytest

from stages.core.parcels import LATER
from stages.train.fits import Begun, Made, made, read_fit, read_shared, write_made
from stages.train.fitting.sources import Sources
from stages.train.spreading import Halves, fits_at_once, half_made
from tests.train.test_stage import PARAMS, SOURCES, project

__all__ = ["project"]

FIRST: Any = object()
"""Stands for what a first half gives."""


def rounds(count: int, workers: int) -> list[list[str]]:
    """The halves of each round, 1a before 1b, where all take equally long."""
    halves = Halves(count, lambda number: number, workers)  # type: ignore[arg-type, return-value]
    parts, given = halves.parts(), list[list[str]]()
    while True:
        begin = len(halves.given)
        together: list[Any] = []
        while len(together) < workers and (part := next(parts, LATER)) is not LATER:
            together.append(part)
        if not together:
            return given
        given.append([f"{fit + 1}{'b' if first else 'a'}" for fit, first in together])
        for number, (fit, first) in enumerate(together, begin):
            if not first:
                halves.begun.append((fit, FIRST))
            halves.under_way.discard(number)


@pytest.mark.parametrize(
    ("count", "workers", "order"),
    [
        (5, 2, ["1a 2a", "1b 2b", "3a 4a", "5a 3b", "4b 5b"]),
        (3, 2, ["1a 2a", "3a 1b", "2b 3b"]),
        (4, 2, ["1a 2a", "3a 4a", "1b 2b", "3b 4b"]),
        (2, 1, ["1a", "1b", "2a", "2b"]),
        (5, 3, ["1a 2a 3a", "4a 5a 1b", "2b 3b 4b", "5b"]),
        (1, 4, ["1a", "1b"]),
        (3, 4, ["1a 2a 3a", "1b 2b 3b"]),
        (0, 2, []),
    ],
)
def test_no_worker_waits_for_the_last_fit(count: int, workers: int, order: list[str]) -> None:
    assert [" ".join(together) for together in rounds(count, workers)] == order


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("refit", [True, False])
def test_halves_in_other_processes_have_the_bytes_of_a_fit_in_one(refit: bool) -> None:
    params = PARAMS | {"train": PARAMS["train"] | {"common": {"candidates": 20, "refit": refit}}}
    models = ["e2ep", "blend", "gat"]
    sources = Sources(*SOURCES)
    items = read_shared(models, params, sources)
    fits = [read_fit(model, "fold-1", params, sources) for model in models]
    for number, result in fits_at_once(len(fits), fits.__getitem__, items):
        assert files(result) == files(made(fits[number], items))


def files(result: Made) -> dict[str, bytes]:
    write_made(Path("out"), result)
    return {path.name: path.read_bytes() for path in Path("out").iterdir()}


@pytest.mark.usefixtures("project")
def test_the_record_of_a_fit_counts_both_halves() -> None:
    sources = Sources(*SOURCES)
    fit, items = read_fit("ease", "fold-1", PARAMS, sources), read_shared(["ease"], PARAMS, sources)
    first = half_made((fit, None), items)
    assert isinstance(first, Begun)
    first.footprint.seconds, first.footprint.peak_mb = 1000.0, 1e9
    for _ in range(2):  # as a part is made again if its node is lost
        second = half_made((fit, first), items)
        assert isinstance(second, Made)
        assert 1000 < second.record.seconds < 1900
        assert second.record.peak_mb == 1e9
