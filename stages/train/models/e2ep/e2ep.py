"""e2ep: graph attention over users and items, seeded by profiles, on top of what is popular.

The score (stages/train/models/e2ep/score.py) is a prior (popularity by age and gender) plus the
user's own taste, which counts for more the more ratings they have: vectors of a graph attention
network (stages/train/models/e2ep/network.py), trained by a softmax over the whole catalogue
(stages/train/models/e2ep/loss.py), and a linear part in closed form
(stages/train/models/e2ep/linear.py). How many ratings make the user's own taste count for half is
chosen on valid.
"""

from collections.abc import Sequence

import numpy as np
import torch

from stages.contracts.fits import Growth
from stages.core.log import progress
from stages.core.seeds import derived_seed
from stages.train.fitting.data import TrainingData
from stages.train.fitting.model import Validate, Watch
from stages.train.fitting.rescoring import Copies
from stages.train.models.e2ep.arrivals import not_arrived
from stages.train.models.e2ep.features import item_features
from stages.train.models.e2ep.linear import linear_part
from stages.train.models.e2ep.loss import SoftmaxLoss
from stages.train.models.e2ep.network import Graph, Network
from stages.train.models.e2ep.prior import prior_of
from stages.train.models.e2ep.score import Learned
from stages.train.models.e2ep.settings import Config

SIDES = {"refined": 1, "items": 1, "users": 1, "layers": 2, "target": 1, "source": 1, "edge": 1}
"""The axis along which the members' arrays are concatenated."""


class E2ep:
    """The project's own model."""

    def __init__(self, config: Config, seed: int) -> None:
        self.config, self.seed = config, seed
        self.form = config.form if config.text or config.user_text else None
        self.history = config.history[0]
        # The linear part's matrices are three in float64 and one in float32.
        self.growth = Growth(
            time="cells",
            pair_bytes=28 if config.linear.weight else 0,
            most_items=config.linear.most_items,
        )
        self.data: TrainingData | None = None
        self.learned: dict[str, np.ndarray] = {}

    def fit(self, data: TrainingData, watch: Watch) -> None:
        config = self.config
        torch.manual_seed(derived_seed(self.seed, "e2ep"))
        watch.patience = config.patience
        self.read_ratings(data)
        # In closed form: the prior and the linear part
        features = item_features(data, config.text, config.components)  # (items, columns)
        prior = prior_of(data, features)
        linear = linear_part(data, features, config.linear)
        self.learned = {"base": prior.base, "lift": prior.lift, "linear": linear}
        # By gradients: networks that differ only by their random draws
        graph = Graph(data, config.grades)
        text = (
            torch.from_numpy(data.user_text)
            if config.user_text and data.user_text is not None
            else None
        )
        loss = SoftmaxLoss(config, graph, prior, data)
        networks = [
            Network(config, graph, torch.from_numpy(features), text) for _ in range(config.members)
        ]
        optimizers = [
            torch.optim.AdamW(
                network.parameters(), lr=config.learning_rate, weight_decay=config.weight_decay
            )
            for network in networks
        ]
        last = watch.last_epoch or config.epochs
        for epoch in progress(range(1, last + 1), "e2ep: epochs"):
            losses = [loss.epoch(*member) for member in zip(networks, optimizers, strict=True)]
            if epoch % config.every and epoch != last:
                continue
            self.learned = self.learned | joined(networks)
            if not watch.should_continue(epoch, sum(losses) / len(losses), self):
                return

    def read_ratings(self, data: TrainingData) -> None:
        self.data = data

    def score(self, users: np.ndarray) -> np.ndarray:
        assert self.data is not None
        learned, own = Learned.of(self.weights()), self.data.of_users(users)
        scores = learned.scores(self.learned["refined"][users], own, self.config)
        if self.config.later:
            scores -= np.float32(self.config.later) * not_arrived(self.data, users)
        return scores

    def tune(self, validate: Validate) -> None:
        """Choose κ on valid, for this fit and the next."""
        ndcgs = []
        for history in self.config.history:
            self.history = history
            ndcgs.append(validate(self.score))
        self.history = self.config.history[ndcgs.index(max(ndcgs))]

    def adopt(self, other: "E2ep") -> None:
        """Adopt what another fit's `tune` has chosen."""
        self.history = other.history

    def score_from_ratings(self, copies: Copies) -> np.ndarray:
        """Scores as of now: the penalty `later` does not depend on the copies' ratings."""
        learned, own = Learned.of(self.weights()), copies.own
        vectors = learned.place(own, learned.users[copies.of], self.config.grades)
        return learned.scores(vectors, own, self.config)

    def weights(self) -> dict[str, np.ndarray]:
        return self.learned | {"history": np.array([self.history], dtype=np.float32)}

    def restore(self, weights: dict[str, np.ndarray]) -> None:
        self.learned = dict(weights)
        self.history = float(weights["history"][0])


def joined(networks: Sequence[Network]) -> dict[str, np.ndarray]:
    """Arrays of all members in one, as stages/train/models/e2ep/score.py takes them."""
    members = [network.learned() for network in networks]
    arrays = {
        name: torch.cat([member[name] for member in members], dim) for name, dim in SIDES.items()
    }
    # A product of concatenated vectors is the sum of the members' cosines; so it is their mean.
    for name in ("refined", "items"):
        arrays[name] /= len(members) ** 0.5
    arrays["bias"] = torch.stack([member["bias"] for member in members]).mean(0)
    return {name: tensor.numpy() for name, tensor in arrays.items()} | {
        "members": np.array([len(members)])
    }


MODEL = E2ep
