"""The paper's graph model, after §3 and its released code, for any initial node vectors.

Trainable node embeddings begin as profile vectors, or at random; three GATv2 layers (64×4, 64×4,
64×1 channels × heads) with the rating as edge feature, each followed by layer norm, LeakyReLU and a
residual skip:

    h^{l+1} = LeakyReLU(LayerNorm(GATv2(h^l))) + skip(h^l)

For a user u, an item i that they like and one j that they neither like nor dislike, drawn for each,

    loss = 5·mean(−log σ(h_u·h_i − h_u·h_j)) + 2·(1 − mean cos(h_u, h_i))

AdamW on all positives at once, with a plateau schedule on the training loss. It differs from the
released code where following it is impossible or would mislead: it stops on validation NDCG with a
longer patience, not on the training loss, and is refitted on train + valid; no self-loops are added
(PyG's default would add them; the released edges have none); the profile vector is the mean of its
sections, Dislikes left out (`embed.dislikes`), where the paper embeds one text that the model cuts.
"""

from typing import ClassVar, Literal

import numpy as np
import torch
from pydantic import Field, PositiveInt
from torch import Tensor, nn
from torch.nn.functional import cosine_similarity, leaky_relu, logsigmoid

from stages.contracts.fits import Growth
from stages.core.log import progress
from stages.core.params import Section
from stages.core.seeds import derived_seed, generator
from stages.train.fitting.data import TrainingData, required
from stages.train.fitting.model import Watch
from stages.train.fitting.negatives import NegativeDraw, Negatives
from stages.train.fitting.rescoring import Copies
from stages.train.fitting.vectors import NodeVectors
from stages.train.graph.adjacency import adjacency
from stages.train.graph.gatv2 import GATv2, TableGraph

LEARNED = "learned."
"""The prefix of what a model has learned, as opposed to the vectors that it yields."""

TEXT_WIDTH = 384
"""Channels of nodes without text: as in a profile vector, so that text is the only difference."""


class Config(Section):
    """The released code's settings."""

    channels: int = Field(64, ge=1)
    """Channels per head."""

    heads: tuple[PositiveInt, ...] = Field((4, 4, 1), min_length=1)
    """Heads of each layer; there are as many layers."""

    frozen: bool = False
    """Whether the nodes keep what they begin as, so that the layers alone are trained."""

    bpr: float = 5.0
    """Weight of the BPR term."""

    cosine: float = 2.0
    """Weight of the alignment of positive pairs."""

    negatives: Negatives = Negatives()
    """What is drawn to compare with the liked items."""

    learning_rate: float = Field(1e-3, gt=0)
    """Of AdamW."""

    weight_decay: float = Field(1e-5, ge=0)
    """Of AdamW."""

    plateau_factor: float = Field(0.4, gt=0, lt=1)
    """The factor applied to the learning rate on a plateau of the training loss."""

    plateau_patience: int = Field(5, ge=1)
    """Epochs without a lower loss that make a plateau."""

    epochs: int = Field(300, ge=1)
    """Full-batch epochs at most."""

    every: int = Field(5, ge=1)
    """Epochs between validations."""

    patience: int = Field(60, ge=1)
    """Epochs without a better validation NDCG after which training stops.

    The released code waits 15 on the smooth training loss. Validation NDCG fluctuates: a patience
    of 15 stopped it at epoch 33, far from its best."""


class PaperNetwork(nn.Module):
    """forward: the graph of all ratings, both ways → vectors (users + items, 64), users first."""

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

    def forward(self, graph: TableGraph) -> Tensor:
        x: Tensor = self.nodes  # h⁰: (users + items, 384)
        for layer in range(len(self.layers)):
            x = self._step(layer, x, x, graph)  # h^{l+1}: (users + items, channels · heads)
        return x

    def read(self, copies: Copies) -> Tensor:
        """Vectors of copies of users, (copies, 64), that send no message: all other nodes stay.

        With one or two layers that is what the graph without the ratings gives the user. With
        three, the messages that items send in the last layer still contain what the user sent them
        with all ratings; and items, even unrated ones, still contain what reached them through
        others who rated the removed ones.
        """
        own, whole = copies.own, ratings_graph(copies.whole)
        shape, device = (own.n_users, len(self.nodes)), copies.whole.device
        edges, order = adjacency(own.user, own.item + copies.whole.n_users, shape, device)
        rating = own.rating[order].astype(np.float32)
        graph = TableGraph.of(edges, torch.as_tensor(rating, device=device))
        x: Tensor = self.nodes  # (users + items, 384)
        users = x[torch.as_tensor(copies.of, device=device)]  # (copies, 384)
        for layer in range(len(self.layers)):
            users, x = self._step(layer, users, x, graph), self._step(layer, x, x, whole)
        return users

    def _step(self, layer: int, targets: Tensor, sources: Tensor, graph: TableGraph) -> Tensor:
        # LeakyReLU(LayerNorm(GATv2(h))) + skip(h): (targets, channels · heads)
        read = self.norms[layer](self.layers[layer](targets, sources, graph))
        skipped = self.skips[layer](targets)
        assert read.shape == skipped.shape
        return leaky_relu(read) + skipped


class PaperModel(NodeVectors):
    """The paper's GAT. A row of its table gives it a name and the text that its nodes begin as."""

    name: ClassVar[str]
    form: Literal["unified", "integrated"] | None
    growth = Growth(rating_bytes=4000)
    """Each rating is an edge on which messages are kept for the gradient."""

    def __init__(self, config: Config, seed: int) -> None:
        self.config, self.seed = config, seed
        self.learned: dict[str, Tensor] = {}

    def fit(self, data: TrainingData, watch: Watch) -> None:
        config = self.config
        torch.manual_seed(derived_seed(self.seed, self.name))
        watch.patience = config.patience
        network = PaperNetwork(config, self.start(data)).to(data.device)
        graph = ratings_graph(data)
        optimizer = torch.optim.AdamW(
            network.parameters(), lr=config.learning_rate, weight_decay=config.weight_decay
        )
        schedule = torch.optim.lr_scheduler.ReduceLROnPlateau(
            optimizer, factor=config.plateau_factor, patience=config.plateau_patience
        )
        draw = NegativeDraw(data, generator(self.seed, self.name, "negatives"), config.negatives)
        last = watch.last_epoch or config.epochs
        for epoch in progress(range(1, last + 1), f"{self.name}: epochs"):
            looks = epoch % config.every == 0 or epoch == last
            nodes = network(graph)  # (users + items, 64)
            if looks:
                # The vectors that are kept are the ones on which this epoch's loss is measured.
                self.keep(nodes, data.n_users)
                self.learned = {
                    name: tensor.to("cpu", copy=True)
                    for name, tensor in network.state_dict().items()
                }
            loss = self.loss(nodes, draw)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step(loss.item())
            if looks and not watch.should_continue(epoch, loss.item(), self):
                return

    def start(self, data: TrainingData) -> Tensor:
        """What nodes begin as: text, or random vectors of the same width and expected length."""
        if self.form is None:
            return torch.randn(data.n_users + data.n_items, TEXT_WIDTH) / TEXT_WIDTH**0.5
        text = [
            required(vectors, self.name, self.form) for vectors in (data.user_text, data.item_text)
        ]
        return torch.from_numpy(np.concatenate(text))

    def loss(self, nodes: Tensor, draw: NegativeDraw) -> Tensor:
        """BPR and alignment of node vectors (users + items, channels), against drawn negatives."""
        # h_u, h_i, h_j: (positives, channels)
        users, liked, others = (nodes.index_select(0, rows) for rows in draw.triples(nodes))
        assert users.shape == liked.shape == others.shape
        # mean(−log σ(h_u·h_i − h_u·h_j))
        margin = (users * liked).sum(1) - (users * others).sum(1)  # (positives,)
        bpr = -logsigmoid(margin).mean()
        # 1 − mean cos(h_u, h_i)
        alignment = 1 - cosine_similarity(users, liked).mean()
        return self.config.bpr * bpr + self.config.cosine * alignment

    def score_from_ratings(self, copies: Copies) -> np.ndarray:
        network = PaperNetwork(self.config, self.learned["nodes"])
        network.load_state_dict(self.learned)
        with torch.no_grad():
            read = network.to(copies.whole.device).read(copies)
            return np.asarray(read.cpu() @ self.items.T)

    def weights(self) -> dict[str, np.ndarray]:
        return super().weights() | {
            f"{LEARNED}{name}": tensor.numpy() for name, tensor in self.learned.items()
        }

    def restore(self, weights: dict[str, np.ndarray]) -> None:
        super().restore(weights)
        self.learned = {
            name.removeprefix(LEARNED): torch.from_numpy(values)
            for name, values in weights.items()
            if name.startswith(LEARNED)
        }


def ratings_graph(data: TrainingData) -> TableGraph:
    """Every rating as an edge both ways between user and item, users first."""
    item, nodes = data.item + data.n_users, data.n_users + data.n_items
    targets, sources = np.concatenate([item, data.user]), np.concatenate([data.user, item])
    edges, order = adjacency(targets, sources, (nodes, nodes), data.device)
    rating = np.tile(data.rating, 2)[order].astype(np.float32)
    return TableGraph.of(edges, torch.as_tensor(rating, device=data.device))
