"""The loss: cross-entropy between a user's graded ratings and the softmax over all items, or over a sample of many.

With more items than a step may hold, m of them are drawn with the probability q_j of popularity, and the sum over all
items is estimated by the draws: Z_u ≈ Σ_j exp(s_uj) / (m q_j), to which a rated item adds itself (Bengio and Senécal, 2003).
"""

import math
from collections.abc import Iterator

import torch
from torch import Tensor

from stages.train.fitting.data import TrainingData
from stages.train.models.e2ep.arrivals import arrived, left
from stages.train.models.e2ep.network import Graph, Network, Part
from stages.train.models.e2ep.prior import Prior, known_traits
from stages.train.models.e2ep.settings import Config

CELLS = 1 << 25
"""Scores of a step at most; with a sample, also numbers in the vectors of its ratings, on average."""


class Catalogue:
    """All items as targets of a user's softmax; data: what the graph was made of."""

    def __init__(self, settings: Config, graph: Graph, prior: Prior, data: TrainingData) -> None:
        self.settings, self.graph = settings, graph
        self.traits, self.arrived, self.left = map(
            torch.from_numpy, (known_traits(data), arrived(data), left(data))
        )
        self.base, self.predicted, self.lift = map(
            torch.from_numpy, (prior.base, prior.predicted, prior.lift)
        )
        self.width = settings.sample if len(self.base) > settings.catalogue else len(self.base)
        ratings = torch.bincount(graph.edges.cols, minlength=len(self.base)).float()
        self.popularity = (ratings + 1) / (ratings + 1).sum()

    def epoch(self, network: Network, optimizer: torch.optim.Optimizer) -> float:
        """A step for each batch of users; the mean loss of a unit of grade."""
        network.train()
        losses = [self._step(network, optimizer, users) for users in self._batches()]
        return sum(losses) / len(losses)

    def _batches(self) -> Iterator[Tensor]:
        """Users with ratings, in order where they are one batch and shuffled where they are more."""
        users = self.graph.active.nonzero().squeeze(1)
        size = max(
            1,
            min(self.settings.batch, CELLS // max(self.width, self._vectors_of_a_user(len(users)))),
        )
        parts = math.ceil(len(users) / size)
        shuffled = users[torch.randperm(len(users))] if parts > 1 else users
        return (part.sort().values for part in shuffled.chunk(parts))

    def _vectors_of_a_user(self, users: int) -> int:
        """Numbers in the vectors of a mean user's ratings, where these are gathered."""
        sampled = self.width < len(self.base)
        return (
            self.settings.channels * math.ceil(len(self.graph.grade) / max(users, 1))
            if sampled
            else 0
        )

    def _step(self, network: Network, optimizer: torch.optim.Optimizer, users: Tensor) -> float:
        part = self.graph.drawn(self.settings)
        vectors, items, bias = network(part)
        row, col, grade = self._targets(users)
        mine = _Scores(self, part, users, vectors[users], items, bias)
        if self.width == len(self.base):
            logits = mine.of(slice(None))
            missed = logits.logsumexp(1)[row] - logits[row, col]
        else:
            drawn = torch.multinomial(self.popularity, self.width, replacement=True)
            logits = mine.of(drawn) - torch.log(self.width * self.popularity[drawn])
            own = mine.of_pairs(row, col)
            missed = torch.logaddexp(logits.logsumexp(1)[row], own) - own
        loss = (grade @ missed) / grade.sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.item()

    def _targets(self, users: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Rows among `users`, items and grades of all their ratings."""
        edges = self.graph.edges
        place = torch.full((edges.shape[0],), -1)
        place[users] = torch.arange(len(users))
        at = place[edges.rows]
        chosen = at >= 0
        return at[chosen], edges.cols[chosen], self.graph.grade[chosen]


class _Scores:
    """Scores of a step's users: the prior and, by what was kept of their ratings, the personal part."""

    def __init__(
        self,
        catalogue: Catalogue,
        part: Part,
        users: Tensor,
        vectors: Tensor,
        items: Tensor,
        bias: Tensor,
    ) -> None:
        known = torch.bincount(catalogue.graph.edges.rows[part.kept], minlength=len(part.fresh))[
            users
        ].float()
        self.share = (known / (known + catalogue.settings.history[0]))[:, None]
        self.vectors, self.items, self.bias = vectors / catalogue.settings.temperature, items, bias
        self.base = torch.where(part.cold, catalogue.predicted, catalogue.base)
        # Who likes a film is no more known of a cold one than how many do.
        self.traits, self.lift = catalogue.traits[users], catalogue.lift * ~part.cold
        self.later, self.left = catalogue.settings.later, catalogue.left[users, None]
        self.arrived = catalogue.arrived * ~part.cold

    def of(self, items: Tensor | slice) -> Tensor:
        """(users, items) for the chosen items."""
        prior = self.base[items] + self.traits @ self.lift[:, items]
        if self.later:
            prior = prior - self.later * (self.arrived[items] > self.left)
        return prior + self.share * (self.vectors @ self.items[items].T + self.bias[items])

    def of_pairs(self, row: Tensor, col: Tensor) -> Tensor:
        """(pairs,) for rows of users and items that they rated, so that none came later."""
        prior = self.base[col] + (self.traits[row] * self.lift.T[col]).sum(1)
        return prior + self.share[row, 0] * (
            (self.vectors[row] * self.items[col]).sum(1) + self.bias[col]
        )
