"""The network of SASRec: causal self-attention over what a user rated, oldest first.

A history begins with a row that stands for its start, so that a user without ratings has a state
too. Item vectors are shared by input and output (Kang and McAuley, ICDM 2018). Layers are
normalised before, not after, attention, and scores are cosines over a temperature, with which fewer
epochs do (HSTU, ICML 2024, trains its SASRec so).
"""

import math

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn.functional import dropout, gelu, normalize, scaled_dot_product_attention

from stages.core.params import Section


class NetworkConfig(Section):
    """The size of the network."""

    channels: int = Field(64, ge=1)
    """Width of an item's vector and of a state."""

    blocks: int = Field(2, ge=1)
    """Rounds of attention."""

    heads: int = Field(1, ge=1)
    """Heads of attention; they divide `channels` among them."""

    dropout: float = Field(0.3, ge=0, lt=1)
    """Share of the values dropped at the input, and after attention and layers."""

    temperature: float = Field(0.07, gt=0)
    """Cosines of state and item are divided by it to be scores."""

    last: int = Field(50, ge=1)
    """How many of the user's last items are read."""


class AttentionBlock(nn.Module):
    """x + attention(x), then x + layers(x)."""

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        width = config.channels
        self.heads, self.dropout = config.heads, config.dropout
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(2))
        self.read, self.join = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.widen, self.narrow = nn.Linear(width, 2 * width), nn.Linear(2 * width, width)

    def forward(self, x: Tensor) -> Tensor:
        """(users, length, channels) → the same; a place reads itself and those before it."""
        users, length, width = x.shape
        split = self.read(self.norms[0](x))
        split = split.view(users, length, 3, self.heads, width // self.heads)
        queries, keys, values = split.permute(2, 0, 3, 1, 4)  # (users, heads, length, width/heads)
        read = scaled_dot_product_attention(queries, keys, values, is_causal=True)
        joined = self.join(read.transpose(1, 2).reshape(users, length, width))
        x = x + dropout(joined, self.dropout, self.training)
        layers = self.narrow(gelu(self.widen(self.norms[1](x))))
        return x + dropout(layers, self.dropout, self.training)


class SasrecNetwork(nn.Module):
    """Unit states of histories and unit item vectors, whose cosines are scores."""

    def __init__(self, config: NetworkConfig, n_items: int) -> None:
        super().__init__()
        self.dropout, self.temperature, self.n_items = config.dropout, config.temperature, n_items
        self.items = nn.Parameter(torch.empty(n_items, config.channels))
        self.begin = nn.Parameter(torch.empty(1, config.channels))
        self.places = nn.Parameter(torch.empty(config.last + 1, config.channels))
        for table in (self.items, self.begin, self.places):
            nn.init.normal_(table, std=0.02)
        self.blocks = nn.Sequential(*(AttentionBlock(config) for _ in range(config.blocks)))
        self.norm = nn.LayerNorm(config.channels)

    def forward(self, histories: Tensor) -> Tensor:
        """(users, length) item rows → states (users, length + 1, channels).

        The first state has read nothing, the last one all. Histories are filled up at their ends
        with any item, which no state before it reads.
        """
        x = self.items[histories]  # (users, length, channels)
        x = torch.cat([self.begin.expand(len(x), 1, -1), x], dim=1)
        x = dropout(x + self.places[: x.shape[1]], self.dropout, self.training)
        return normalize(self.norm(self.blocks(x)), dim=2)

    def directions(self) -> Tensor:
        """Item vectors of unit length, (items, channels)."""
        return normalize(self.items, dim=1)

    def loss(self, histories: Tensor, weight: Tensor, sampled: Tensor) -> Tensor:
        """Softmax of each item among `sampled` ones, given those before it.

        weight: (users, length), 0 where a history has ended. sampled: (sampled,) distinct rows that
        stand for all: log(items / sampled) is added to their scores, so that with all items this is
        the softmax over the catalogue.
        """
        counts = weight > 0
        states = self(histories[:, :-1])[counts] / self.temperature  # (targets, channels)
        targets, weight = histories[counts], weight[counts]  # (targets,)
        own = (states * normalize(self.items[targets], dim=1)).sum(1)
        others = states @ normalize(self.items[sampled], dim=1).T + math.log(
            self.n_items / len(sampled)
        )
        others = others.masked_fill(sampled == targets[:, None], -math.inf)
        total = torch.logaddexp(own, others.logsumexp(dim=1))
        return ((total - own) * weight).sum() / weight.sum()
