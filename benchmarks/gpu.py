"""What does a GPU bring, and do its models agree with the CPU's?

    python benchmarks/gpu.py [--parts models,fold,attention,training] [--out FILE]

About ten minutes on a machine with a GPU and some cores; without a GPU it says so and ends. Four
parts (gpu_parts.py), each written to the file as soon as it is measured:

- `models`: every model of torch for a few epochs on the sample's fold-1, on the CPU and the GPU
- `fold`: the same for e2ep on fold-1 of 1M
- `attention`: one layer forward and backward at 25M edges, beside PyG's GATConv
- `training`: steps of e2ep on 25M made-up ratings

`difference` is that of NDCG@10 on validation rows, the device's less the CPU's, where both draw the
same random numbers (alike.py), so that only rounding sets them apart. On its own a GPU draws
others, as another seed would, which on the CPU makes the difference `other_seed`. The sample and 1M
are read from artifacts/ (`e2ep embed`, `e2ep embed --dataset ml-1m`); where they are not there,
ratings of the same size are made up, and the file says so. A rehearsal without a GPU, on much less
data: --device cpu --share .001 --out /dev/null.
"""

import json
import platform
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from gpu_parts import PARTS, Setting, gpu
from machine import Clock, machine, versions

from stages.core.device import chosen_device
from stages.core.errors import InputError, one_sentence
from stages.core.files import write_json

RESULT = Path(__file__).parent / "results" / "gpu.json"
PACKAGES = ("numpy", "torch", "torch-geometric")


@one_sentence
def main(
    parts: Annotated[str, typer.Option(help="Which, with commas.")] = ",".join(PARTS),
    device: Annotated[Literal["cuda", "cpu"], typer.Option(help="cpu rehearses.")] = "cuda",
    share: Annotated[
        float,
        typer.Option(min=1e-6, max=1, help="Of the ratings; and its root of users and items."),
    ] = 1.0,
    threads: Annotated[int, typer.Option(min=1, help="Of torch on the CPU.")] = 8,
    out: Annotated[Path, typer.Option(help="File for the result.")] = RESULT,
) -> None:
    """Measure each part."""
    if unknown := [name for name in parts.split(",") if name not in PARTS]:
        raise InputError(f"--parts names {unknown[0]!r}; choose from {', '.join(PARTS)}")
    setting = Setting(chosen_device(device, "--device", sparse=True), share, threads)
    result: dict[str, Any] = {
        "machine": machine() | {"name": platform.node(), "gpu": gpu(setting.device)},
        "versions": versions(PACKAGES),
        "share": share,
        "threads": threads,
    }
    for name in parts.split(","):
        with (clock := Clock()).running():
            found = PARTS[name](setting)
        result[name] = found | {"part_seconds": round(clock.seconds, 1)}
        write_json(out, result)
        print(name, json.dumps(result[name], indent=1), flush=True)


if __name__ == "__main__":
    typer.run(main)
