"""How fast are our attention layers against PyTorch Geometric's, and how much memory do they use?

    python benchmarks/attention.py [--sizes 100k,1m,10m,25m] [--runs 5] [--threads 2] [--out FILE]

Forward and backward of the paper's three layers (384 → 64×4 → 64×4 → 64×1), with gradients for the
nodes and all parameters, and nothing between the layers on either side: GAT against GATConv and
GATv2 against GATv2Conv on graphs of the shape of MovieLens 100K and 1M, ours alone on those of 10M
and 25M, with 80 % of a data set's ratings as edges both ways. Each layer runs in its own process,
which reads a graph made by another: one run to warm up, then the runs whose median counts.
Memory is the process's peak less what it held before, with its imports, graph and nodes.

Ratios are PyG's median ÷ ours, `gatv2_…` of the GATv2 rows. `slope` is that of GAT's log seconds
over log edges. `share_of_bandwidth` is what GAT moves (`moved`) per second, over what a copy of a
large array moves: reads that the processor's cache answers count too. Sizes in the file that a
run does not measure stay. At 1M, GATv2Conv needs some 15 GB. A quick look: --sizes 100k --out
/dev/null.
"""

import json
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import numpy as np
import typer
from machine import apart, machine, versions
from sizes import SIZES, Size

from stages.core.errors import one_sentence
from stages.core.files import write_json
from stages.core.tables import read_json

RESULT = Path(__file__).parent / "results" / "attention.json"
PACKAGES = ("numpy", "torch", "torch-geometric")
PAIRS = {"GAT": "GATConv", "GATv2": "GATv2Conv"}
"""Our layers and PyG's."""


@one_sentence
def main(
    sizes: Annotated[str, typer.Option(help="Of 100k, 1m, 10m and 25m, with commas.")] = ",".join(
        SIZES
    ),
    runs: Annotated[int, typer.Option(min=1, help="Runs of a layer after one to warm up.")] = 5,
    threads: Annotated[int, typer.Option(min=1, help="Of every layer.")] = 2,
    out: Annotated[Path, typer.Option(help="File for the result.")] = RESULT,
) -> None:
    """Measure the layers at each size."""
    unknown = set(sizes.split(",")) - set(SIZES)
    if unknown:
        raise typer.BadParameter(
            f"no size {', '.join(sorted(unknown))}; choose from {', '.join(SIZES)}"
        )
    where = {"machine": machine(), "versions": versions(PACKAGES), "threads": threads}
    measured = kept(out, where)
    for name in sizes.split(","):
        copied = apart(with_torch, "copied_gb_per_second", threads)
        at = layers(SIZES[name], runs, threads)
        share = round(moved_a_second(at["GAT"]) / copied, 3)
        measured[name] = {
            "copied_gb_per_second": round(copied, 2),
            "share_of_bandwidth": share,
            "layers": at,
        }
    found = {name: measured[name]["layers"] for name in SIZES if name in measured}
    result = {
        **where,
        "sizes": {name: {**SIZES[name]._asdict(), **measured[name]} for name in found},
        "slope": slope([at["GAT"] for at in found.values()]),
        "ratios": {
            key: ratio for name, at in found.items() for key, ratio in ratios(name, at).items()
        },
    }
    write_json(out, result)
    print(json.dumps(result, indent=1))


def kept(out: Path, where: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The sizes in `out`, if it was measured on this machine with these versions and threads."""
    old = read_json(out) if out.is_file() else {}
    return old["sizes"] if all(old.get(name) == value for name, value in where.items()) else {}


def layers(size: Size, runs: int, threads: int) -> dict[str, dict[str, Any]]:
    """Each layer's figures at one size."""
    names = [name for pair in PAIRS.items() for name in (pair if size.peers else pair[:1])]
    with TemporaryDirectory() as folder:
        apart(with_torch, "make", size, Path(folder))
        return {
            name: apart(with_torch, "measured", name, Path(folder), runs, threads) for name in names
        }


def with_torch(name: str, *given: Any) -> Any:
    """Call a function of attention_layers, imported where it runs.

    A new process's peak begins at its parent's, so the parent must not import torch.
    """
    return getattr(import_module("attention_layers"), name)(*given)


def moved_a_second(layer: dict[str, Any]) -> float:
    """Of GB."""
    return layer["moved_gb"] / layer["seconds"]


def slope(found: list[dict[str, Any]]) -> float | None:
    """Of log seconds over log edges, 1 where time grows as edges do; None of one size."""
    if len(found) < 2:
        return None
    edges, seconds = (np.log([layer[name] for layer in found]) for name in ("edges", "seconds"))
    return round(float(np.polyfit(edges, seconds, 1)[0]), 3)


def ratios(size: str, found: dict[str, dict[str, Any]]) -> dict[str, float]:
    """PyG ÷ ours in time and memory."""
    answer = {}
    for ours, peer in PAIRS.items():
        if peer in found:
            begin, (one, other) = "" if ours == "GAT" else "gatv2_", (found[ours], found[peer])
            answer[f"{begin}time_{size}"] = round(other["seconds"] / one["seconds"], 2)
            answer[f"{begin}memory_{size}"] = round(other["peak_mb"] / one["peak_mb"], 2)
    return answer


if __name__ == "__main__":
    typer.run(main)
