"""XSimGCL (Yu et al., TKDE 2023): LightGCN with noise and a contrast between two layers.

After each round of messages a random vector of length ε is added, with the signs of the node's own.
Beside BPR, the InfoNCE loss asks that a node's final vector be nearer to its own vector after round
l* than to those of the batch's other nodes. The final vector is the mean over the rounds, without
the one before messages.
"""

import torch
from pydantic import Field
from torch import Tensor, nn

from stages.train.fitting.data import TrainingData
from stages.train.graph.propagation import Propagate
from stages.train.models.pairwise.training import (
    PairwiseConfig,
    PairwiseModel,
    PairwiseNetwork,
    liked_graph,
    ranking_loss,
)


class Config(PairwiseConfig):
    """Defaults are the source's; params.yaml has what the search chose."""

    layers: int = Field(2, ge=1)
    """Rounds of messages."""

    noise: float = Field(0.2, ge=0)
    """ε, the length of the noise."""

    contrast: float = Field(0.2, ge=0)
    """Weight of InfoNCE."""

    contrast_layer: int = Field(1, ge=1)
    """l*, the round that is compared with the final vectors; the last if there are fewer."""

    temperature: float = Field(0.2, gt=0)
    """The temperature by which InfoNCE divides cosine similarities."""


class XsimgclNetwork(PairwiseNetwork):
    """Free node vectors and messages, noisy while training."""

    def __init__(self, config: Config, data: TrainingData) -> None:
        super().__init__()
        self.config, self.graph, self.n_users = config, liked_graph(data), data.n_users
        self.start = nn.Parameter(torch.empty(data.n_users + data.n_items, config.channels))
        nn.init.xavier_uniform_(self.start)

    def vectors(self) -> Tensor:
        """(users + items, channels)."""
        return torch.stack(self._rounds()).mean(0)

    def loss(self, triples: Tensor) -> Tensor:
        """BPR and InfoNCE, users and items each among themselves."""
        rounds = self._rounds()
        vectors, early = torch.stack(rounds).mean(0), rounds[: self.config.contrast_layer][-1]
        contrasts = [
            info_nce(vectors[nodes], early[nodes], self.config.temperature)
            for nodes in map(torch.unique, triples[:2])
        ]
        bpr = ranking_loss(vectors, self.start, triples, self.config.l2)
        return bpr + self.config.contrast * sum(contrasts)

    def _rounds(self) -> list[Tensor]:
        """Vectors after each round, (users + items, channels) each."""
        rounds, x = [], self.start
        for _ in range(self.config.layers):
            x = Propagate.apply(x, self.graph)
            if self.training:
                noise = nn.functional.normalize(torch.rand_like(x), dim=1)
                x = x + x.sign() * noise * self.config.noise
            rounds.append(x)
        return rounds


def info_nce(first: Tensor, second: Tensor, temperature: float) -> Tensor:
    """Mean over rows n of −log softmax_m(cos(first_n, second_m) / temperature) at m = n.

    first, second: (nodes, channels).
    """
    normalize = nn.functional.normalize
    cosine = normalize(first, dim=1) @ normalize(second, dim=1).T
    assert cosine.shape == (len(first), len(first))
    own = torch.arange(len(first), device=first.device)
    return nn.functional.cross_entropy(cosine / temperature, own)


class Xsimgcl(PairwiseModel[Config]):
    """Contrast between layers."""

    name = "xsimgcl"

    def network(self, data: TrainingData) -> XsimgclNetwork:
        return XsimgclNetwork(self.config, data)


MODEL = Xsimgcl
