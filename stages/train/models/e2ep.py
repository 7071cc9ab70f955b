"""e2ep: graph attention over users and items, seeded by profiles, trained by a softmax over the whole catalogue.

A node starts as a free vector plus its projected profile embedding; layers of attention pass messages both ways and
their outputs are averaged. Scores are cosine similarity over a temperature plus a learned item bias. The loss is the
cross-entropy between a user's graded ratings and the softmax over all items; edges are dropped at random while
training, so that an item is predicted from the others.
"""

import numpy as np
import torch
from pydantic import Field, ValidationInfo, field_validator
from torch import Tensor, nn

from stages.core.log import progress
from stages.core.params import Section
from stages.core.schema import POSITIVE
from stages.core.seeds import derived_seed
from stages.train.attention import Adjacency, BipartiteAttention, adjacency
from stages.train.data import TrainingData, graded
from stages.train.model import Watch
from stages.train.rescoring import Copies, packed, unpacked


class Config(Section):
    """Settings, chosen on validation rows."""

    channels: int = Field(128, ge=8)
    """Width of every vector."""

    layers: int = Field(2, ge=1, le=6)
    """Rounds of messages."""

    heads: int = Field(1, ge=1)
    """Attention heads; they split the channels."""

    temperature: float = Field(0.3, gt=0)
    """What cosine similarities are divided by."""

    grades: dict[int, float] = Field({5: 1.2, 4: 1.0, 3: 0.5, 2: 0.25, 1: 0.1}, min_length=2)
    """Confidence of a rating, as edge and as target."""

    edge_dropout: float = Field(0.5, ge=0, lt=1)
    """Share of edges left out of an epoch's messages."""

    feature_dropout: float = Field(0.2, ge=0, lt=1)
    """Dropout on the profile embeddings."""

    text: bool = True
    """Whether profiles seed the nodes."""

    learning_rate: float = Field(0.01, gt=0)
    """Of AdamW."""

    weight_decay: float = Field(0.0, ge=0)
    """Of AdamW."""

    epochs: int = Field(150, ge=1)
    """Full-batch steps at most; the best on validation is refitted."""

    every: int = Field(5, ge=1)
    """Epochs between looks at the validation rows."""

    patience: int = Field(50, ge=1)
    """Epochs without a better validation NDCG after which training stops."""

    @field_validator("heads")
    @classmethod
    def _split_channels(cls, heads: int, others: ValidationInfo) -> int:
        if others.data.get("channels", heads) % heads:
            raise ValueError(f"{others.data['channels']} channels cannot be split into {heads} heads")
        return heads


class Network(nn.Module):
    """From the graph to refined vectors; forward gives users (users, channels) and items (items, channels)."""

    def __init__(self, config: Config, data: TrainingData) -> None:
        super().__init__()
        self.config = config
        self.users = nn.Parameter(0.1 * torch.randn(data.n_users, config.channels))
        self.items = nn.Parameter(0.1 * torch.randn(data.n_items, config.channels))
        self.bias = nn.Parameter(_log_popularity(data))
        self.user_text, self.item_text = _tensor(data.user_text, config), _tensor(data.item_text, config)
        width = 0 if self.item_text is None else self.item_text.shape[1]
        self.project = nn.Linear(width, config.channels, bias=False) if width else None
        self.to_user = nn.ModuleList(BipartiteAttention(config.channels, config.heads) for _ in range(config.layers))
        self.to_item = nn.ModuleList(BipartiteAttention(config.channels, config.heads) for _ in range(config.layers))
        n = (data.n_users, data.n_items)
        self.by_user, order = adjacency(data.user, data.item, n)
        self.by_item, _ = adjacency(data.item[order], data.user[order], n[::-1])
        self.confidence = torch.from_numpy(graded(data.rating, config.grades)[order])

    def forward(self, kept: Tensor) -> tuple[Tensor, Tensor]:
        users, items = self._layers(kept)
        return torch.stack(users).mean(0), torch.stack(items).mean(0)

    def read(self, copies: Copies) -> tuple[Tensor, Tensor]:
        """Vectors of copies of users that send no message, and of items, to which nobody's ratings changed.

        With one or two layers that is what the graph without the ratings gives for films that the user has not
        rated; with more, the messages that come back to him through others are still those of the whole graph.
        """
        _, layers = self._layers(torch.ones(len(self.confidence), dtype=torch.bool))
        own, of = copies.own, torch.from_numpy(copies.of)
        graph, order = adjacency(own.user, own.item, (own.n_users, own.n_items))
        confidence = torch.from_numpy(graded(own.rating, self.config.grades)[order])
        users = [self._seeded(self.users, self.user_text)[of]]
        for to_user, items in zip(self.to_user, layers[:-1], strict=True):
            users.append(to_user(users[-1], items, graph, confidence, torch.ones_like(confidence, dtype=torch.bool)))
        return torch.stack(users).mean(0), torch.stack(layers).mean(0)

    def _layers(self, kept: Tensor) -> tuple[list[Tensor], list[Tensor]]:
        """Vectors of users and items before the first layer and after each."""
        users, items = self._seeded(self.users, self.user_text), self._seeded(self.items, self.item_text)
        all_users, all_items = [users], [items]
        confidence, turned, kept_turned = self.confidence, self.confidence[self.by_user.turn], kept[self.by_user.turn]
        for to_user, to_item in zip(self.to_user, self.to_item, strict=True):
            users, items = (
                to_user(users, items, self.by_user, confidence, kept),
                to_item(items, users, self.by_item, turned, kept_turned),
            )
            all_users.append(users)
            all_items.append(items)
        return all_users, all_items

    def logits(self, users: Tensor, items: Tensor) -> Tensor:
        """(users, channels) and (items, channels) → scores (users, items)."""
        cosine = nn.functional.normalize(users, dim=1) @ nn.functional.normalize(items, dim=1).T
        return cosine / self.config.temperature + self.bias

    def _seeded(self, free: Tensor, text: Tensor | None) -> Tensor:
        if text is None or self.project is None:
            return free
        return free + self.project(nn.functional.dropout(text, self.config.feature_dropout, self.training))


class E2ep:
    """The project's own model."""

    def __init__(self, config: Config, seed: int) -> None:
        self.config, self.seed = config, seed
        self.form = "unified" if config.text else None
        self.user_vectors = self.item_vectors = torch.zeros(0)
        self.bias = torch.zeros(0)
        self.learned: dict[str, Tensor] = {}

    def fit(self, data: TrainingData, watch: Watch) -> None:
        torch.manual_seed(derived_seed(self.seed, "e2ep"))
        watch.patience = self.config.patience
        network = Network(self.config, data)
        optimizer = torch.optim.AdamW(
            network.parameters(), lr=self.config.learning_rate, weight_decay=self.config.weight_decay
        )
        targets = _targets(network.by_user, network.confidence)
        last = watch.last_epoch or self.config.epochs
        for epoch in progress(range(1, last + 1), "e2ep: epochs"):
            loss = self._step(network, optimizer, targets)
            if epoch % self.config.every and epoch != last:
                continue
            self._keep(network)
            if not watch.goes_on(epoch, loss, self):
                return

    def score(self, users: np.ndarray) -> np.ndarray:
        with torch.no_grad():
            cosine = self.user_vectors[torch.from_numpy(users)] @ self.item_vectors.T
            return np.asarray(cosine / self.config.temperature + self.bias)

    def rescore(self, copies: Copies) -> np.ndarray:
        network = Network(self.config, copies.whole)
        network.load_state_dict(self.learned)
        network.eval()
        with torch.no_grad():
            return np.asarray(network.logits(*network.read(copies)))

    def weights(self) -> dict[str, np.ndarray]:
        vectors = {"users": self.user_vectors, "items": self.item_vectors, "bias": self.bias}
        return {name: tensor.numpy() for name, tensor in vectors.items()} | packed(self.learned)

    def restore(self, weights: dict[str, np.ndarray]) -> None:
        self.user_vectors, self.item_vectors, self.bias = (
            torch.from_numpy(weights[name]) for name in ("users", "items", "bias")
        )
        self.learned = unpacked(weights)

    def _step(self, network: Network, optimizer: torch.optim.Optimizer, targets: Tensor) -> float:
        network.train()
        kept = torch.rand(len(network.confidence)) >= self.config.edge_dropout
        log_likelihood = nn.functional.log_softmax(network.logits(*network(kept)), dim=1)
        loss = -(targets * log_likelihood).sum() / targets.sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.item()

    def _keep(self, network: Network) -> None:
        network.eval()
        with torch.no_grad():
            users, items = network(torch.ones(len(network.confidence), dtype=torch.bool))
            self.user_vectors, self.item_vectors = (nn.functional.normalize(v, dim=1) for v in (users, items))
            self.bias = network.bias.detach().clone()
            self.learned = {name: tensor.clone() for name, tensor in network.state_dict().items()}


def _targets(graph: Adjacency, confidence: Tensor) -> Tensor:
    targets = torch.zeros(graph.shape)
    targets[graph.rows, graph.cols] = confidence
    return targets


def _log_popularity(data: TrainingData) -> Tensor:
    liked = np.bincount(data.item[data.rating >= POSITIVE], minlength=data.n_items)
    return torch.from_numpy(np.log1p(liked).astype(np.float32))


def _tensor(vectors: np.ndarray | None, config: Config) -> Tensor | None:
    return torch.from_numpy(vectors) if config.text and vectors is not None else None


MODEL = E2ep
