"""The paper's graph model, §3 and its released code, whatever its nodes begin as.

Trainable node embeddings begin as profile vectors, or at random; three GATv2 layers (64×4, 64×4, 64×1 channels ×
heads) with the rating as edge feature, layer norm, LeakyReLU and residual skips; 5·BPR + 2·(1 − mean cosine) over all
positives, one negative each, drawn from the items that the user neither liked nor disliked; AdamW with a plateau
schedule on the training loss. It differs from the released code where that leaves no choice or would mislead: it stops
on validation NDCG with a longer patience, not on the training loss, and is refitted on train + valid; no self-loops
are added (PyG's default, which the released edges do not say); the profile vector is the mean of its sections,
Dislikes left out (`embed.dislikes`), where the paper embeds one text that the model cuts.
"""

from typing import ClassVar, Literal

import numpy as np
import torch
from pydantic import Field, PositiveInt
from torch import Tensor, nn

from stages.core.log import progress
from stages.core.params import Section
from stages.core.seeds import derived_seed, generator
from stages.train.fitting.data import TrainingData, required
from stages.train.fitting.model import Watch
from stages.train.fitting.negatives import NegativeDraw, Negatives
from stages.train.fitting.rescoring import Copies
from stages.train.fitting.vectors import NodeVectors
from stages.train.graph.adjacency import adjacency
from stages.train.graph.gatv2 import GATv2, WeightedGraph, weighted

LEARNED = "learned."
"""Before the names of what a model has learned, beside the vectors that it comes to."""

WIDTH = 384
"""Channels of nodes without text: as many as a profile vector has, so that text is the only difference."""


class Config(Section):
    """The released code's settings."""

    channels: int = Field(64, ge=1)
    """Channels a head."""

    heads: tuple[PositiveInt, ...] = Field((4, 4, 1), min_length=1)
    """Heads of each layer; there are as many layers."""

    frozen: bool = False
    """Whether what the nodes begin as is kept, so that the layers alone are trained."""

    bpr: float = 5.0
    """Weight of the BPR term."""

    cosine: float = 2.0
    """Weight of the alignment of positive pairs."""

    negatives: Negatives = Negatives()
    """What is drawn against the liked items."""

    learning_rate: float = Field(1e-3, gt=0)
    """Of AdamW."""

    weight_decay: float = Field(1e-5, ge=0)
    """Of AdamW."""

    plateau_factor: float = Field(0.4, gt=0, lt=1)
    """What the learning rate is multiplied by on a plateau of the training loss."""

    plateau_patience: int = Field(5, ge=1)
    """Epochs without a lower loss that make a plateau."""

    epochs: int = Field(300, ge=1)
    """Full-batch epochs at most."""

    every: int = Field(5, ge=1)
    """Epochs between looks at the validation rows."""

    patience: int = Field(60, ge=1)
    """Epochs without a better validation NDCG after which training stops. The released code waits 15, but for the
    smooth training loss; validation NDCG moves up and down, and 15 stopped it at epoch 33, far from its best."""


class Network(nn.Module):
    """forward: the graph of all ratings, both ways → node vectors (users + items, 64), users first."""

    def __init__(self, config: Config, start: Tensor) -> None:
        super().__init__()
        self.nodes = nn.Parameter(start.clone(), requires_grad=not config.frozen)
        widths = [start.shape[1], *(config.channels * heads for heads in config.heads)]
        sizes = list(zip(widths[:-1], widths[1:], config.heads, strict=True))
        self.layers = nn.ModuleList(
            GATv2(before, after // heads, heads) for before, after, heads in sizes
        )
        self.norms = nn.ModuleList(nn.LayerNorm(after) for _, after, _ in sizes)
        self.skips = nn.ModuleList(
            nn.Identity() if before == after else nn.Linear(before, after)
            for before, after, _ in sizes
        )

    def forward(self, graph: WeightedGraph) -> Tensor:
        x: Tensor = self.nodes
        for layer in range(len(self.layers)):
            x = self._step(layer, x, x, graph)
        return x

    def read(self, copies: Copies) -> Tensor:
        """Vectors of copies of users, (copies, 64), that send no message: films and other users stay as they are.

        With one or two layers that is what the graph without the ratings gives the user. With three, the messages that
        films send him in the last layer still hold what he sent them with all his ratings; and films, also those that
        he has not rated, still hold what came to them through others who rated the removed ones.
        """
        own, whole = copies.own, ratings_graph(copies.whole)
        edges, order = adjacency(
            own.user, own.item + copies.whole.n_users, (own.n_users, len(self.nodes))
        )
        graph = weighted(edges, torch.from_numpy(own.rating[order].astype(np.float32)))
        x: Tensor = self.nodes
        users = x[torch.from_numpy(copies.of)]
        for layer in range(len(self.layers)):
            users, x = self._step(layer, users, x, graph), self._step(layer, x, x, whole)
        return users

    def _step(self, layer: int, targets: Tensor, sources: Tensor, graph: WeightedGraph) -> Tensor:
        read = self.norms[layer](self.layers[layer](targets, sources, graph))
        return nn.functional.leaky_relu(read) + self.skips[layer](targets)


class PaperModel(NodeVectors):
    """The paper's GAT. A row of the paper's table gives it a name and the text that its nodes begin as."""

    name: ClassVar[str]
    form: Literal["unified", "integrated"] | None

    def __init__(self, config: Config, seed: int) -> None:
        self.config, self.seed = config, seed
        self.learned: dict[str, Tensor] = {}

    def fit(self, data: TrainingData, watch: Watch) -> None:
        torch.manual_seed(derived_seed(self.seed, self.name))
        watch.patience = self.config.patience
        network, graph = Network(self.config, self._start(data)), ratings_graph(data)
        optimizer = torch.optim.AdamW(
            network.parameters(),
            lr=self.config.learning_rate,
            weight_decay=self.config.weight_decay,
        )
        schedule = torch.optim.lr_scheduler.ReduceLROnPlateau(
            optimizer, factor=self.config.plateau_factor, patience=self.config.plateau_patience
        )
        draw = NegativeDraw(
            data, generator(self.seed, self.name, "negatives"), self.config.negatives
        )
        last = watch.last_epoch or self.config.epochs
        for epoch in progress(range(1, last + 1), f"{self.name}: epochs"):
            nodes = network(graph)
            self.keep(nodes, data.n_users)
            self.learned = {name: tensor.clone() for name, tensor in network.state_dict().items()}
            loss = self._loss(nodes, draw)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step(loss.item())
            looks = epoch % self.config.every == 0 or epoch == last
            if looks and not watch.goes_on(epoch, loss.item(), self):
                return

    def rescore(self, copies: Copies) -> np.ndarray:
        network = Network(self.config, self.learned["nodes"])
        network.load_state_dict(self.learned)
        with torch.no_grad():
            return np.asarray(network.read(copies) @ self.items.T)

    def weights(self) -> dict[str, np.ndarray]:
        return super().weights() | {
            f"{LEARNED}{name}": tensor.numpy() for name, tensor in self.learned.items()
        }

    def restore(self, weights: dict[str, np.ndarray]) -> None:
        super().restore(weights)
        learned = {name: values for name, values in weights.items() if name.startswith(LEARNED)}
        self.learned = {
            name.removeprefix(LEARNED): torch.from_numpy(values) for name, values in learned.items()
        }

    def _start(self, data: TrainingData) -> Tensor:
        """What the nodes begin as: their text, or random vectors of the same width and expected length."""
        if self.form is None:
            return torch.randn(data.n_users + data.n_items, WIDTH) / WIDTH**0.5
        text = [
            required(vectors, self.name, self.form) for vectors in (data.user_text, data.item_text)
        ]
        return torch.from_numpy(np.concatenate(text))

    def _loss(self, nodes: Tensor, draw: NegativeDraw) -> Tensor:
        users, liked, others = (nodes.index_select(0, rows) for rows in draw.triples(nodes))
        margin = (users * liked).sum(1) - (users * others).sum(1)
        bpr = -nn.functional.logsigmoid(margin).mean()
        alignment = 1 - nn.functional.cosine_similarity(users, liked).mean()
        return self.config.bpr * bpr + self.config.cosine * alignment


def ratings_graph(data: TrainingData) -> WeightedGraph:
    """Every rating as an edge both ways between user and film, users first."""
    item, nodes = data.item + data.n_users, data.n_users + data.n_items
    ends = np.concatenate([item, data.user]), np.concatenate([data.user, item])
    edges, order = adjacency(*ends, (nodes, nodes))
    return weighted(edges, torch.from_numpy(np.tile(data.rating, 2)[order].astype(np.float32)))
