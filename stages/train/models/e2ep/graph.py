"""The ratings as e2ep's network reads them: edges, of which a training step sees a random part."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from typing import NamedTuple, TypeVar

import numpy as np
import torch
from torch import Tensor

from stages.core.groups import place_in_group
from stages.train.fitting.data import TrainingData, grade
from stages.train.graph.adjacency import adjacency
from stages.train.graph.blocks import BlockedGraph
from stages.train.models.e2ep.division.alone import BY_ITSELF, Alone
from stages.train.models.e2ep.settings import Config

FIRST = 15
"""A simulated newcomer keeps fewer ratings than this."""
T = TypeVar("T")


@dataclass(frozen=True)
class Part:
    """What a step sees of the graph.

    kept: (edges,) bool. cold: (items,) bool and newcomer: (users,) bool, nodes without a free
    vector.
    """

    kept: Tensor
    cold: Tensor
    newcomer: Tensor


class Graph:
    """The ratings as edges in order of users, each with its grade and its place in time.

    grade, scalars, nth: (edges,). counts: (items,), everybody's ratings of each. rated: (items,)
    bool, active: (users,) bool, nodes with an edge. others: who has the other users' ratings, if
    these are not all. once: whether it is for a single step.
    """

    def __init__(
        self,
        data: TrainingData,
        grades: dict[int, float],
        others: Alone = BY_ITSELF,
        once: bool = False,
    ) -> None:
        self.others, self.once = others, once
        sizes = data.n_users, data.n_items
        self.edges, order = adjacency(data.user, data.item, sizes, data.device)
        values = grade(data.rating, grades)[order]
        # As shares of a softmax, grades only count relative to each other; a positive logarithm
        # passes through LeakyReLU unchanged.
        scalars = np.log(values / min(grades.values()))
        self.grade, self.scalars = (
            torch.as_tensor(array, device=data.device) for array in (values, scalars)
        )
        self._data, self._order = data, order
        self.counts = others.total(torch.bincount(self.edges.cols, minlength=data.n_items))
        self.rated = self.counts > 0
        self.active = torch.bincount(self.edges.rows, minlength=data.n_users) > 0
        # Of everybody's ratings
        self.n_edges, self.n_active = (
            int(others.total(mine.sum()))
            for mine in (torch.ones_like(self.grade, dtype=torch.long), self.active)
        )

    @cached_property
    def nth(self) -> Tensor:
        """Each rating's place among its user's by time, (edges,); drawn if no order is known."""
        return torch.as_tensor(places_in_time(self._data)[self._order], device=self._data.device)

    def nth_of(self, users: Tensor) -> Tensor:
        """`nth` of the edges of some users, (their edges,); users: (users,) bool."""
        theirs = users[self.edges.rows]
        if not self.once:
            return self.nth[theirs]
        # For one step, only their ratings are sorted.
        chosen = self._data.of_ratings(self._order[theirs.cpu().numpy()])
        return torch.as_tensor(places_in_time(chosen), device=self._data.device)

    def near(self, users: Tensor, settings: Config) -> "Near":
        """What a step on a batch of users (users,) reads: all, as there is room for it."""
        return Near(self, None)

    def whole(self) -> Part:
        """All edges; only nodes without edges are cold items and newcomers."""
        return Part(torch.ones_like(self.grade, dtype=torch.bool), ~self.rated, ~self.active)

    def vectors(self, network: Callable[[Part], T]) -> T:
        """What a network makes of all edges."""
        return network(self.whole())

    def draw(self, settings: Config) -> Part:
        """A random part for a training step."""
        draw = partial(torch.rand, device=self.grade.device)
        own = partial(draw, generator=self.others.generator)
        cold = (draw(len(self.rated)) < settings.cold_items) | ~self.rated  # (items,)
        newcomer = (own(len(self.active)) < settings.newcomers) | ~self.active  # (users,)
        kept = own(len(self.grade)) < 1 - settings.edge_dropout  # (edges,)
        first = torch.randint(
            FIRST, newcomer.shape, generator=self.others.generator, device=newcomer.device
        )  # (users,)
        theirs = newcomer[self.edges.rows]
        kept[theirs] = self.nth_of(newcomer) < first[self.edges.rows[theirs]]
        return Part(kept & ~cold[self.edges.cols], cold, newcomer)

    def directions(self, part: Part) -> tuple[BlockedGraph, BlockedGraph]:
        """The kept edges towards users, and towards items."""
        edges, scalars = self.edges.subset(part.kept), self.scalars[part.kept]
        towards_items = BlockedGraph.of(edges.transposed(), scalars[edges.turn])
        return BlockedGraph.of(edges, scalars), towards_items


def places_in_time(data: TrainingData) -> np.ndarray:
    """Each rating's place among its user's by time, (ratings,); drawn if no order is known."""
    if data.nth is not None:
        return data.nth
    return place_in_group(data.user, np.random.default_rng(0).permutation(len(data.user)))


class Near(NamedTuple):
    """A graph, and the rows (users,) of its users among all, in order; None if they are all."""

    graph: Graph
    rows: Tensor | None

    def places(self, users: Tensor) -> Tensor:
        """Where these users (users,) are in the graph."""
        return users if self.rows is None else torch.searchsorted(self.rows, users)

    def of(self, users: Tensor) -> Tensor:
        """The graph's users' rows of a table of all users."""
        return users if self.rows is None else users[self.rows]
