"""The paper's graph model, after §3 and its released code, for any initial node vectors.

Trainable node embeddings begin as profile vectors, or at random; three GATv2 layers (64×4, 64×4,
64×1 channels × heads) with the rating as edge feature, each followed by layer norm, LeakyReLU and a
residual skip:

    h^{l+1} = LeakyReLU(LayerNorm(GATv2(h^l))) + skip(h^l)

For a user u, an item i that they like and one j that they neither like nor dislike, drawn for each,

    loss = 5·mean(−log σ(h_u·h_i − h_u·h_j)) + 2·(1 − mean cos(h_u, h_i))

AdamW on all positives at once, with a plateau schedule on the training loss. By default it differs
from the released code where that would mislead: it stops on validation NDCG with a longer patience,
not on the training loss, and is refitted on train + valid; nodes without text begin as wide and
about as long as those with text, without self-loops; the profile vector is the mean of its
sections, Dislikes left out (`embed.dislikes`), where the paper embeds one text that the model cuts.
The settings (stages/train/models/paper/settings.py) have the released code's side of each.
"""

import math
from typing import ClassVar, Literal

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cosine_similarity, logsigmoid

from stages.contracts.fits import Growth
from stages.core.log import progress
from stages.core.seeds import derived_seed, generator
from stages.train.fitting.data import TrainingData, required
from stages.train.fitting.model import Watch
from stages.train.fitting.negatives import NegativeDraw
from stages.train.fitting.rescoring import Copies
from stages.train.fitting.vectors import NodeVectors
from stages.train.graph.gatv2 import TableGraph
from stages.train.models.paper.network import Edges, PaperNetwork
from stages.train.models.paper.settings import Config

LEARNED = "learned."
"""The prefix of what a model has learned, as opposed to the vectors that it yields."""


class PaperModel(NodeVectors):
    """The paper's GAT. A row of its table gives it a name and the text that its nodes begin as."""

    name: ClassVar[str]
    form: Literal["unified", "integrated"] | None
    growth = Growth(rating_bytes=4000)
    """Each rating is an edge on which messages are kept for the gradient."""

    def __init__(self, config: Config, seed: int) -> None:
        self.config, self.seed = config, seed
        if config.start != "text":
            self.form = None
        self.learned: dict[str, Tensor] = {}

    def fit(self, data: TrainingData, watch: Watch) -> None:
        config = self.config
        torch.manual_seed(derived_seed(self.seed, self.name))
        network = PaperNetwork(config, self.start(data)).to(data.device)
        graph = Edges.of(config).whole(data)
        optimizer = torch.optim.AdamW(
            network.parameters(), lr=config.learning_rate, weight_decay=config.weight_decay
        )
        schedule = torch.optim.lr_scheduler.ReduceLROnPlateau(
            optimizer, factor=config.plateau_factor, patience=config.plateau_patience
        )
        draw = NegativeDraw(data, generator(self.seed, self.name, "negatives"), config.negatives)
        by_loss = config.stop == "training-loss"
        watch.patience = None if by_loss else config.patience
        last = config.epochs if by_loss else watch.last_epoch or config.epochs
        lowest, lowest_at = math.inf, 0
        for epoch in progress(range(1, last + 1), f"{self.name}: epochs"):
            nodes = network(graph)  # (users + items, 64)
            loss = self.loss(nodes, draw)
            if loss.item() < lowest:
                lowest, lowest_at = loss.item(), epoch
            ends = epoch == last or (by_loss and epoch - lowest_at >= config.patience)
            if ends or not (by_loss or epoch % config.every):
                # What is kept is that on which this epoch's loss is measured.
                self.keep_state(network, nodes, graph, data.n_users)
                if not watch.should_continue(epoch, loss.item(), self) or ends:
                    return
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step(loss.item())

    def keep_state(
        self, network: PaperNetwork, nodes: Tensor, graph: TableGraph, n_users: int
    ) -> None:
        """Keep the network and the vectors that it yields with nothing dropped: `nodes`, or not."""
        if self.config.dropout:
            network.eval()
            with torch.no_grad():
                nodes = network(graph)
            network.train()
        self.keep(nodes, n_users)
        self.learned = {
            name: tensor.to("cpu", copy=True) for name, tensor in network.state_dict().items()
        }

    def start(self, data: TrainingData) -> Tensor:
        """What nodes begin as, (users + items, channels)."""
        nodes, begun = data.n_users + data.n_items, self.config.start
        if begun != "text":
            kind, width = begun.split("-")
            drawn = torch.randn(nodes, int(width))
            return drawn if kind == "normal" else drawn / int(width) ** 0.5
        assert self.form
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
        network = PaperNetwork(self.config, self.learned["nodes"]).eval()
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
