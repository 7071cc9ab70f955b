"""The parts that benchmarks/gpu.py measures, each on a device."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd
import torch
from alike import AlikeDraws
from made_up_ratings import SEED, TEXT, Size, make, read
from scale_clocks import stepped

from stages.contracts.scale import POSITIVE
from stages.core.params import load_section
from stages.core.seeds import generator
from stages.core.threads import limit_threads
from stages.train.fitting.data import TrainingData
from stages.train.fitting.model import Watch
from stages.train.fitting.named import model_module
from stages.train.fitting.rows import SplitRows
from stages.train.fitting.sources import Sources, split_rows
from stages.train.fitting.validation import validation_ndcg
from stages.train.graph.adjacency import adjacency
from stages.train.graph.blocks import BlockedGraph
from stages.train.graph.gat import GAT
from stages.train.models.e2ep.features import item_features
from stages.train.models.e2ep.graph import Graph
from stages.train.models.e2ep.loss import SoftmaxLoss
from stages.train.models.e2ep.network import Network
from stages.train.models.e2ep.prior import prior_of
from stages.train.models.e2ep.settings import Config

MODELS = ["bpr", "lightgcn", "ngcf", "xsimgcl", "sasrec", "gat", "unified", "integrated", "e2ep"]
SAMPLE, FOLD = Size(400, 300, 16_000), Size(6_040, 3_706, 1_000_000)
EDGES, TRAINING = Size(114_000, 41_000, 12_500_000), Size(162_541, 59_047, 25_000_000)
EPOCHS, STEPS, RUNS, CHANNELS = 10, 10, 5, 64
NETWORK = {"linear": {"weight": 0.0}}
"""e2ep without its linear part, which is fitted on the CPU."""


@dataclass(frozen=True)
class Setting:
    """The device to measure, the share of the data, and the CPU's threads."""

    device: str
    share: float
    threads: int

    def sized(self, size: Size) -> Size:
        """A share of the ratings, among so many fewer users and items that it is as dense."""
        users, items, ratings = size
        root = self.share**0.5
        return Size(int(users * root) + 2, int(items * root) + 2, round(ratings * self.share))


def models(setting: Setting) -> dict[str, Any]:
    """Every model of torch on the sample."""
    rows, source = rows_of("sample", SAMPLE)
    changes = {"e2ep": NETWORK}
    found = {name: compared(name, changes.get(name, {}), rows, setting) for name in MODELS}
    return {"ratings": source, "epochs": EPOCHS, "models": found}


def fold(setting: Setting) -> dict[str, Any]:
    """e2ep on 1M."""
    rows, source = rows_of("ml-1m", setting.sized(FOLD))
    return {"ratings": source, "epochs": EPOCHS, **compared("e2ep", NETWORK, rows, setting)}


def compared(
    name: str, changes: dict[str, Any], rows: SplitRows, setting: Setting
) -> dict[str, Any]:
    """A model on both devices, and with another seed on the CPU; what fails is told."""
    try:
        there = fitted(name, changes, rows, setting, setting.device)
        with AlikeDraws():
            alike = fitted(name, changes, rows, setting, setting.device)
    except (RuntimeError, NotImplementedError) as error:
        return {"error": str(error).partition("\n")[0]}
    here, other = (fitted(name, changes, rows, setting, "cpu", SEED + n) for n in (0, 1))
    return {
        "cpu": here,
        "device": there,
        "difference": round(alike["ndcg@10"] - here["ndcg@10"], 5),
        "other_seed": round(other["ndcg@10"] - here["ndcg@10"], 5),
    }


def fitted(
    name: str,
    changes: dict[str, Any],
    rows: SplitRows,
    setting: Setting,
    device: str,
    seed: int = SEED,
) -> dict[str, Any]:
    """Seconds of a fit on train, and its NDCG@10 on valid."""
    module = model_module(name)
    config = load_section(f"train.{name}", module.Config).model_dump() | changes
    model = module.MODEL(module.Config.model_validate(config), seed)
    limit_threads(setting.threads)
    data = replace(rows, device=device).data(rows.train)
    with measured(device) as figures:
        model.fit(data, Watch(last_epoch=EPOCHS))
    liked = rows.valid[rows.valid["rating"] >= POSITIVE]
    ndcg = validation_ndcg(rows.seen(liked), rows.seen(rows.train), rows.held_out(rows.valid))
    return figures | {"ndcg@10": round(float(ndcg(model.score).mean()), 5)}


def attention(setting: Setting) -> dict[str, Any]:
    """Our layer and PyG's on the same edges, both ways between users and items."""
    from torch_geometric.nn import GATConv

    device, size = setting.device, setting.sized(EDGES)
    data = made_up(size)
    ends, nodes = np.concatenate([data.item + size.users, data.user]), size.users + size.items
    edges, order = adjacency(ends, np.roll(ends, size.ratings), (nodes, nodes), device)
    weight = torch.as_tensor(np.tile(data.rating, 2)[order], device=device)
    graph, pairs = BlockedGraph.of(edges, weight), torch.stack([edges.cols, edges.rows]).long()
    layers: dict[str, Callable[[], Callable[[torch.Tensor], torch.Tensor]]] = {
        "GAT": lambda: _ours(GAT(CHANNELS, CHANNELS, 1).to(device), graph),
        "GATConv": lambda: _theirs(
            GATConv(CHANNELS, CHANNELS, edge_dim=1, add_self_loops=False).to(device), pairs, weight
        ),
    }
    found = {name: _through(made, nodes, device) for name, made in layers.items()}
    return {"edges": len(weight), "nodes": nodes, "channels": CHANNELS, "layers": found}


def _ours(layer: GAT, graph: BlockedGraph) -> Callable[[torch.Tensor], torch.Tensor]:
    return lambda x: layer(x, x, graph)


def _theirs(
    layer: torch.nn.Module, pairs: torch.Tensor, weight: torch.Tensor
) -> Callable[[torch.Tensor], torch.Tensor]:
    return lambda x: layer(x, pairs, weight[:, None])


def _through(
    made: Callable[[], Callable[[torch.Tensor], torch.Tensor]], nodes: int, device: str
) -> dict[str, Any]:
    """Median seconds of forward and backward after one to warm up, the peak, and norms."""
    torch.manual_seed(SEED)
    x = torch.randn(nodes, CHANNELS).to(device).requires_grad_()
    layer, runs = made(), []
    try:
        for _ in range(1 + RUNS):
            x.grad = None
            with measured(device) as figures:
                output = layer(x)
                output.square().sum().backward()
            runs.append(figures["seconds"])
    except torch.OutOfMemoryError as error:
        return {"error": str(error).partition("\n")[0]}
    assert x.grad is not None
    norms = {"output": output.norm().item(), "gradient": x.grad.norm().item()}
    return figures | {"seconds": median(runs[1:]), "runs": runs, "norms": norms}


def training(setting: Setting) -> dict[str, Any]:
    """Steps of e2ep on made-up ratings."""
    device, settings = setting.device, load_section("train.e2ep", Config)
    limit_threads(setting.threads)
    torch.manual_seed(SEED)
    data = replace(made_up(setting.sized(TRAINING)), device=device)
    features = item_features(data, settings.text, settings.components)
    with measured(device) as of_graph:
        graph = Graph(data, settings.grades)
    softmax = SoftmaxLoss(settings, graph, prior_of(data, features), data)
    shown = torch.as_tensor(features, device=device)
    network = Network(settings, graph, shown, None).to(device)
    with measured(device) as of_steps:
        seconds = stepped(network, softmax, 1 + STEPS)[0, 1:]
    step, steps = median(seconds.tolist()), len(list(softmax.batches()))
    return {
        "ratings": len(data.user),
        "graph_seconds": of_graph["seconds"],
        "step_seconds": round(step, 4),
        "steps_an_epoch": steps,
        "epoch_seconds": round(step * steps, 1),
        **{name: value for name, value in of_steps.items() if name != "seconds"},
    }


PARTS: dict[str, Callable[[Setting], dict[str, Any]]] = {
    "models": models,
    "fold": fold,
    "attention": attention,
    "training": training,
}


def rows_of(dataset: str, size: Size) -> tuple[SplitRows, str]:
    """Fold-1 of a data set's artifacts, or made-up ratings; and which of the two."""
    folder = Path("artifacts") / dataset
    if (folder / "embed" / "items" / "unified.safetensors").exists():
        sources = Sources(folder / "prepare", folder / "enrich/movies.parquet", folder / "embed")
        rows, source = split_rows(sources, "fold-1", "unified"), f"{dataset}, fold-1"
    else:
        data, columns = made_up(size), ("user_row", "item_row", "rating", "timestamp")
        values = (data.user, data.item, data.rating, data.timestamp)
        every = pd.DataFrame(dict(zip(columns, values, strict=True)) | {"nth": -1, "history": None})
        valid = generator(SEED, "valid").random(len(every)) < 0.1
        rows = SplitRows("made up", every[~valid], every[valid], size.users, size.items, None, None)
        rows, source = replace(rows, item_text=data.item_text), f"{size.ratings:,} made up"
    # Users are embedded only for models that read them, so theirs are random here.
    text = generator(SEED, "users").standard_normal((rows.n_users, TEXT), dtype=np.float32)
    return replace(rows, user_text=text / np.float32(TEXT**0.5)), source


def made_up(size: Size) -> TrainingData:
    """Ratings of MovieLens' shape."""
    with TemporaryDirectory() as folder:
        make(size, Path(folder))
        return read(size, Path(folder))


@contextmanager
def measured(device: str) -> Iterator[dict[str, Any]]:
    """Fill in the seconds until all is done, and on a GPU the most memory beyond what was held."""
    figures: dict[str, Any] = {}
    cuda = device == "cuda"
    if cuda:
        torch.cuda.synchronize()
        torch.cuda.reset_peak_memory_stats()
        before = torch.cuda.memory_allocated()
    start = time.perf_counter()
    yield figures
    if cuda:
        torch.cuda.synchronize()
        figures["peak_gb"] = round((torch.cuda.max_memory_allocated() - before) / 2**30, 3)
    figures["seconds"] = round(time.perf_counter() - start, 4)


def gpu(device: str) -> dict[str, Any] | None:
    """The GPU's name and memory; None of the CPU."""
    if device != "cuda":
        return None
    about = torch.cuda.get_device_properties(0)
    return {"name": about.name, "memory_gb": round(about.total_memory / 2**30, 1)}
