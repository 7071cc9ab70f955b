"""What do the weights of a linear model, items × items, take in time and memory?

    python benchmarks/linear.py [--items 5000,10000,20000,40000] [--threads 2] [--most-gb 8]

EASE's weights for made-up ratings of Gowalla's shape (made_up_ratings.py): 25 ratings per item and
three users per four items. `in_place` is the project's: one matrix in float32, in which products,
factors, inverse and weights take each other's place (stages/linear/inverse.py; up to 5,000
items it would be in float64 too, and is in float32 here for the comparison). `double` is what it
was before: the same factors and inverse in float64, from a sparse product of its own, and weights
copied to float32; it is left out where these two would not fit `--most-gb`.

Each is measured in its own process. `peak_gb` is all that the process ever held. `cpu_seconds` are
those of all threads; other work on the machine moves them less than `seconds`. `difference` is the
largest between both sides' weights. A quick look: --items 2000 --out /dev/null.
"""

import json
import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import numpy as np
import scipy.sparse as sp
import typer
from machine import Clock, apart, machine, peak_mb, versions
from made_up_ratings import Size, make
from threadpoolctl import threadpool_limits

from stages.core.errors import one_sentence
from stages.core.files import write_json
from stages.linear import inverse

RESULT = Path(__file__).parent / "results" / "linear.json"
PACKAGES = ("numpy", "scipy")
L2 = 300.0
CORNER = 2000
"""Rows and columns of the weights that both sides are compared on."""


@one_sentence
def main(
    items: Annotated[str, typer.Option(help="Sizes, with commas.")] = "5000,10000,20000,40000",
    threads: Annotated[int, typer.Option(min=1, help="Of LAPACK.")] = 2,
    most_gb: Annotated[float, typer.Option(min=0, help="Memory for `double`.")] = 8.0,
    out: Annotated[Path, typer.Option(help="File for the result.")] = RESULT,
) -> None:
    """Measure each size."""
    result = {
        "machine": machine(),
        "versions": versions(PACKAGES),
        "threads": threads,
        "sizes": [at_size(int(n), threads, most_gb) for n in items.split(",")],
    }
    write_json(out, result)
    print(json.dumps(result, indent=1))


def at_size(items: int, threads: int, most_gb: float) -> dict[str, Any]:
    """The figures of a size."""
    size = Size(items * 3 // 4, items, items * 25)
    with TemporaryDirectory() as folder:
        apart(make, size, Path(folder))
        found = {"in_place": apart(measured, "in_place", size, Path(folder), threads)}
        if 12 * items**2 < most_gb * 2**30:
            found["double"] = apart(measured, "double", size, Path(folder), threads)
        corners = [np.load(Path(folder) / f"{side}.npy") for side in found]
    difference = float(np.abs(corners[0] - corners[-1]).max()) if len(found) > 1 else None
    return {**size._asdict(), **found, "difference": difference}


def measured(side: str, size: Size, folder: Path, threads: int) -> dict[str, float]:
    """Seconds and memory of one side; a corner of its weights is left in the folder."""
    user, item = (np.load(folder / f"{name}.npy") for name in ("user", "item"))
    ones = np.ones(len(user), dtype=np.float32)
    ratings = sp.csr_matrix((ones, (user, item)), shape=(size.users, size.items))
    load, work = round(os.getloadavg()[0], 2), {"in_place": in_place, "double": in_double}[side]
    with threadpool_limits(threads, "blas"), (clock := Clock()).running():
        weights = work(ratings)
    np.save(folder / f"{side}.npy", weights[:CORNER, :CORNER])
    return {
        "seconds": round(clock.seconds, 1),
        "cpu_seconds": round(clock.cpu_seconds, 1),
        "peak_gb": round(peak_mb() / 1024, 2),
        "load_before": load,
    }


def in_place(ratings: sp.csr_matrix) -> np.ndarray:
    """The project's own weights, in float32 at every size."""
    inverse.DOUBLE = 0
    return inverse.regressions(inverse.inverted(inverse.products(ratings, L2)))


def in_double(ratings: sp.csr_matrix) -> np.ndarray:
    """The weights by way of float64, as they were made before."""
    gram = (ratings.T @ ratings).astype(np.float64).toarray()
    gram[np.diag_indices_from(gram)] += L2
    return inverse.regressions(inverse.inverted(gram))


if __name__ == "__main__":
    typer.run(main)
