"""XSimGCL (Yu et al., TKDE 2023): LightGCN whose layers carry noise, and are told apart node by node.

After each round of messages a random vector of length ε is added, in the signs of the node's own. Beside BPR, the
InfoNCE loss asks that a node's final vector be nearer to its own vector after round l* than to those of the batch's
other nodes. The final vector is the mean over the rounds, without the round before messages.
"""

import torch
from pydantic import Field
from torch import Tensor, nn

from stages.train.fitting.data import TrainingData
from stages.train.graph.propagation import Propagate, liked_graph
from stages.train.models.pairwise.training import (
    PairwiseConfig,
    PairwiseModel,
    PairwiseNetwork,
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
    """l*, the round whose output is compared with the final vectors; beyond the last it is the last."""

    temperature: float = Field(0.2, gt=0)
    """What InfoNCE divides cosine similarities by."""


class Network(PairwiseNetwork):
    """Free node vectors and noisy messages; without noise when not training."""

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
            info_nce(vectors[of], early[of], self.config.temperature)
            for of in map(torch.unique, triples[:2])
        ]
        return ranking_loss(
            vectors, self.start, triples, self.config.l2
        ) + self.config.contrast * sum(contrasts)

    def _rounds(self) -> list[Tensor]:
        rounds, x = [], self.start
        for _ in range(self.config.layers):
            x = Propagate.apply(x, self.graph)
            if self.training:
                x = (
                    x
                    + x.sign()
                    * nn.functional.normalize(torch.rand_like(x), dim=1)
                    * self.config.noise
                )
            rounds.append(x)
        return rounds


def info_nce(one: Tensor, other: Tensor, temperature: float) -> Tensor:
    """Mean −log softmax over the rows of `other` at the same row, of cosine / temperature; both (nodes, channels)."""
    cosine = nn.functional.normalize(one, dim=1) @ nn.functional.normalize(other, dim=1).T
    return nn.functional.cross_entropy(cosine / temperature, torch.arange(len(one)))


class Xsimgcl(PairwiseModel[Config]):
    """Contrast between layers."""

    name = "xsimgcl"

    def network(self, data: TrainingData) -> Network:
        return Network(self.config, data)


MODEL = Xsimgcl
