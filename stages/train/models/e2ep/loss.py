"""e2ep's loss: cross-entropy between a user's grades and a softmax over the catalogue.

With s_ui the score of user u for item i (stages/train/models/e2ep/score.py, without the linear
part) and g_ui the grade of a rating,

    loss = Σ_ui g_ui (log Z_u − s_ui) / Σ_ui g_ui        Z_u = Σ_j exp(s_uj) over all items

If there are more items than a step may hold, m of them are drawn with a probability q_j by
popularity, and Z_u is estimated from the draws; a rated item adds itself to the estimate (Bengio
and Senécal, 2003):

    Z_u ≈ Σ_j exp(s_uj) / (m q_j) + exp(s_ui)
"""

import math
from collections.abc import Iterator
from functools import partial

import numpy as np
import torch
from torch import Tensor

from stages.train.fitting.adam import AdamW
from stages.train.fitting.data import TrainingData
from stages.train.models.e2ep.arrivals import arrivals, last_ratings
from stages.train.models.e2ep.fairness import fair_loss, user_groups_by
from stages.train.models.e2ep.graph import Graph, Near, Part
from stages.train.models.e2ep.network import AnyGraph, Network
from stages.train.models.e2ep.prior import Prior, known_traits
from stages.train.models.e2ep.settings import Config

STEP_CELLS = 1 << 25
"""Scores per step at most; with a sample, also numbers in its ratings' vectors, on average."""

LEAST, PER_RATING = 1024, 64
"""Items that are drawn at least, and per rating of a user."""
WORTH = 4
"""How many times more items than would be drawn make a sample worth its noise."""


class SoftmaxLoss:
    """The loss and its steps; data: what the graph was made of.

    base, predicted, arrivals, popularity: (items,). lift: (traits, items). traits: (users, traits).
    last_ratings: (users,). width: items in a softmax, all or as many as are drawn.
    """

    def __init__(
        self,
        settings: Config,
        graph: AnyGraph,
        prior: Prior,
        data: TrainingData,
        arrived: np.ndarray | None = None,
    ) -> None:
        """arrived: `arrivals` of everybody's ratings, if `data` are not all."""
        self.settings, self.graph = settings, graph
        arrived = arrivals(data) if arrived is None else arrived
        placed = partial(torch.as_tensor, device=data.device)
        self.traits, self.arrivals, self.last_ratings = map(
            placed, (known_traits(data), arrived, last_ratings(data))
        )
        self.base, self.predicted, self.lift = map(
            placed, (prior.base, prior.predicted, prior.lift)
        )
        fairness = settings.fairness
        self.group = user_groups_by(fairness.by, data) if fairness.weight else None
        n_items, active = len(self.base), max(graph.n_active, 1)
        # Where users have few ratings, a sum over many items would cost much and tell them little.
        drawn = max(LEAST, math.ceil(PER_RATING * graph.n_edges / active))
        drawn = min(settings.sample, drawn)
        whole = n_items <= min(settings.catalogue, WORTH * drawn)
        self.width = n_items if whole else drawn
        ratings = graph.counts.float()
        self.popularity = (ratings + 1) / (ratings + 1).sum()  # q

    def epoch(self, network: Network, optimizer: AdamW) -> float:
        """Take a step per batch of users; returns the mean loss per unit of grade."""
        network.train()
        losses = []
        for users in self.batches():
            loss = self.loss(network, users)
            loss.backward()
            self.graph.others.add_gradients(network)
            optimizer.step()
            optimizer.zero_grad()
            losses.append(self.graph.others.total(loss.detach()).item())
        return sum(losses) / len(losses)

    def batches(self) -> Iterator[Tensor]:
        """Users with ratings: all in order if one batch holds them, else shuffled."""
        users = self.graph.active.nonzero().squeeze(1)
        # A step holds a score per user and item; a sample also gathers a vector per rating.
        cells = self.width
        if self.width < len(self.base):
            ratings_per_user = math.ceil(self.graph.n_edges / max(self.graph.n_active, 1))
            cells = max(cells, self.settings.channels * ratings_per_user)
        size = max(1, min(self.settings.batch, STEP_CELLS // cells))
        parts, others = math.ceil(self.graph.n_active / size), self.graph.others
        if parts > 1:
            draw = partial(torch.randperm, generator=others.generator, device=users.device)
            users = users[draw(len(users))]
        return (part.sort().values for part in others.batches(users, parts))

    def loss(self, network: Network, users: Tensor) -> Tensor:
        """The loss of a batch of users (users,), on a part of the graph that is drawn for it."""
        near = self.graph.near(users, self.settings)
        return self.loss_on(near.graph.draw(self.settings), network, users, near)

    def loss_on(
        self, part: Part, network: Network, users: Tensor, near: Near | None = None
    ) -> Tensor:
        """The loss of a batch of users (users,), or one's share of it if others have users too.

        near: what the part is of, if not of all users.
        """
        settings, near = self.settings, near or self.graph.near(users, self.settings)
        # h: (the graph's users, channels) and (items, channels), b: (items,)
        vectors, items, bias, *_ = network(part, near)
        places = near.places(users)
        # The ratings of the batch, including those that the step does not see: (ratings,) each
        row, col, grade = ratings_of(near.graph, places)

        # n_u / (n_u + κ), n_u the ratings that the step sees of a user: (users, 1)
        seen = near.graph.edges.rows[part.kept]
        known = torch.bincount(seen, minlength=len(part.newcomer))[places].float()
        share = (known / (known + settings.history[0]))[:, None]
        # h_u / τ: (users, channels)
        scaled = vectors[places] / settings.temperature
        # How many like an item (items,), and who (traits, items); for a cold item neither is known.
        base = torch.where(part.cold, self.predicted, self.base)
        lift, traits = self.lift * ~part.cold, self.traits[users]

        # s_ui = prior_ui − later·[i arrives after u's last rating] + share_u (h_u·h_i/τ + b_i)
        whole = self.width == len(self.base)
        chosen = (
            slice(None)
            if whole
            else torch.multinomial(self.popularity, self.width, replacement=True)
        )
        scores = base[chosen] + traits @ lift[:, chosen]
        if settings.later:
            arrivals = self.arrivals * ~part.cold
            scores = scores - settings.later * (arrivals[chosen] > self.last_ratings[users, None])
        scores = scores + share * (scaled @ items[chosen].T + bias[chosen])
        assert scores.shape == (len(users), self.width)

        if whole:
            # log Z_u − s_ui: (ratings,)
            missed = scores.logsumexp(1)[row] - scores[row, col]
        else:
            # s_uj − log(m q_j): (users, drawn items)
            scores = scores - torch.log(self.width * self.popularity[chosen])
            # s_ui of the ratings, whose items have arrived before their user's last: (ratings,)
            own = base[col] + (traits[row] * lift.T[col]).sum(1)
            own = own + share[row, 0] * ((scaled[row] * items[col]).sum(1) + bias[col])
            # log(Σ_j exp(s_uj) / (m q_j) + exp(s_ui)) − s_ui: (ratings,)
            missed = torch.logaddexp(scores.logsumexp(1)[row], own) - own
        assert missed.shape == grade.shape
        if self.group is not None:
            return fair_loss(missed, grade, self.group[users][row], settings.fairness.weight)
        return (grade @ missed) / self.graph.others.total(grade.sum())


def ratings_of(graph: Graph, users: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """All ratings of these users: rows among `users`, items and grades, (ratings,) each."""
    edges = graph.edges
    place = users.new_full((edges.shape[0],), -1)
    place[users] = torch.arange(len(users), device=users.device)
    at = place[edges.rows]
    chosen = at >= 0
    return at[chosen], edges.cols[chosen], graph.grade[chosen]
