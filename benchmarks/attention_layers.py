"""The graphs and layers that benchmarks/attention.py measures."""

import os
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Any, Literal

import numpy as np
import torch
from machine import Clock, peak_mb, resident_mb
from sizes import Size
from torch import Tensor, nn

from stages.core.seeds import generator
from stages.train.graph.adjacency import adjacency
from stages.train.graph.blocks import BlockedGraph
from stages.train.graph.gat import GAT
from stages.train.graph.gatv2 import GATv2, TableGraph

SEED, INPUTS, CHANNELS, HEADS = 7, 384, 64, (4, 4, 1)
COPIED = 1 << 29
"""Bytes of the array whose copy gives the bandwidth: larger than a processor's cache."""
Layer = Literal["GAT", "GATConv", "GATv2", "GATv2Conv"]


def make(size: Size, folder: Path) -> None:
    """Write the graph in the form of each layer; PyG's edges are in order of targets too."""
    user, item = pairs(size)
    rating = generator(SEED, "ratings").integers(1, 6, size.ratings).astype(np.float32)
    ends, nodes = np.concatenate([item + size.users, user]), size.users + size.items
    edges, order = adjacency(ends, np.roll(ends, size.ratings), (nodes, nodes))
    weight = torch.from_numpy(np.tile(rating, 2)[order])
    torch.save((nodes, BlockedGraph.of(edges, weight)), folder / "GAT")
    torch.save((nodes, TableGraph.of(edges, weight)), folder / "GATv2")
    if size.peers:
        torch.save(
            (nodes, (torch.stack([edges.cols, edges.rows]), weight[:, None])), folder / "PyG"
        )


def pairs(size: Size) -> tuple[np.ndarray, np.ndarray]:
    """User and item of each rating, popular items more often, none twice."""
    draw, found = generator(SEED, "pairs"), np.empty(0, dtype=np.int64)
    while len(found) < size.ratings:
        user = draw.integers(0, size.users, size.ratings)
        item = (draw.random(size.ratings) ** 2 * size.items).astype(np.int64)
        found = np.union1d(found, user * size.items + item)
    return np.divmod(draw.choice(found, size.ratings, replace=False, shuffle=False), size.items)


def measured(layer: Layer, folder: Path, runs: int, threads: int) -> dict[str, Any]:
    """Median seconds, those of the processor, the peak beyond what was held, and norms."""
    torch.set_num_threads(threads)
    count, graph = torch.load(
        folder / (layer if layer in ("GAT", "GATv2") else "PyG"), weights_only=False
    )
    edges = len(graph.scalars) if layer in ("GAT", "GATv2") else len(graph[1])
    torch.manual_seed(SEED)
    nodes, step = torch.randn(count, INPUTS, requires_grad=True), stack(layer)
    load, before = os.getloadavg()[0], resident_mb()
    clocks = []
    for _ in range(1 + runs):
        nodes.grad = None
        step.zero_grad()
        clocks.append(Clock())
        with clocks[-1].running():
            output = through(step, nodes, graph)
            output.square().sum().backward()
    assert nodes.grad is not None
    found = {
        name: round(median(asdict(clock)[name] for clock in clocks[1:]), 4)
        for name in ("seconds", "cpu_seconds")
    }
    return {
        **found,
        "edges": edges,
        "peak_mb": round(peak_mb() - before, 1),
        "held_before_mb": before,
        "load_before": round(load, 2),
        "runs": [round(clock.seconds, 4) for clock in clocks[1:]],
        "norms": {"output": output.norm().item(), "gradient": nodes.grad.norm().item()},
        **({"moved_gb": round(moved(edges) / 1e9, 3)} if layer == "GAT" else {}),
    }


def stack(layer: Layer) -> nn.ModuleList:
    """The paper's three layers; from a seed, ours and PyG's begin the same."""
    from torch_geometric.nn import GATConv, GATv2Conv

    kinds: dict[Layer, Callable[[int, int], nn.Module]] = {
        "GAT": lambda inputs, heads: GAT(inputs, CHANNELS, heads),
        "GATv2": lambda inputs, heads: GATv2(inputs, CHANNELS, heads),
        "GATConv": lambda inputs, heads: GATConv(
            inputs, CHANNELS, heads, edge_dim=1, add_self_loops=False
        ),
        "GATv2Conv": lambda inputs, heads: GATv2Conv(
            inputs, CHANNELS, heads, edge_dim=1, add_self_loops=False
        ),
    }
    inputs = [INPUTS, *(CHANNELS * heads for heads in HEADS[:-1])]
    return nn.ModuleList(kinds[layer](*sizes) for sizes in zip(inputs, HEADS, strict=True))


def through(layers: nn.ModuleList, nodes: Tensor, graph: Any) -> Tensor:
    """The last layer's output."""
    for layer in layers:
        nodes = layer(nodes, *graph) if isinstance(graph, tuple) else layer(nodes, nodes, graph)
    return nodes


def moved(edges: int) -> int:
    """Bytes that GAT reads or writes for its edges, forward and backward of all layers.

    In words of 4 bytes, per edge and head:

    - forward, 10 + C: its row, column, scalar, p, q, m, u written and read, its column and value in
      the product, and C of its source's row
    - scores again, 7: row, column, scalar, p, q, m, u written
    - gradient of u, 6 + C: row and −g·y, its column, the sample written, read with u, and C of its
      source's row
    - sums, 6: d written and read for p, q (with the column) and c (with the scalar)
    - transpose, 5 + C: turn, u read, written and read in its new order, the column, and C of its
      target's row of g

    Neither what is read once per node counts, nor passes that a fused kernel would save.
    """
    return edges * sum(HEADS) * 4 * (34 + 3 * CHANNELS)


def copied_gb_per_second(threads: int) -> float:
    """Read and written by a copy of a large array; median of five."""
    torch.set_num_threads(threads)
    source, target, seconds = (
        torch.ones(COPIED, dtype=torch.uint8),
        torch.zeros(COPIED, dtype=torch.uint8),
        [],
    )
    for _ in range(5):
        clock = Clock()
        with clock.running():
            target.copy_(source)
        seconds.append(clock.seconds)
    return 2 * COPIED / median(seconds) / 1e9
