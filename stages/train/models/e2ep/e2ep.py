"""e2ep: graph attention over users and items, seeded by profiles, on top of what is popular.

The score (stages/train/models/e2ep/score.py) is a prior (popularity by age and gender) plus the
user's own taste, which counts for more the more ratings they have: vectors of a graph attention
network (stages/train/models/e2ep/network.py), trained by a softmax over the whole catalogue
(stages/train/models/e2ep/loss.py), and a linear part in closed form
(stages/train/models/e2ep/linear.py). What depends on the data is chosen on valid: how many ratings
make the user's own taste count for half, and the linear part's shape and weight.
"""

from collections.abc import Callable, Sequence

import numpy as np
import torch

from stages.contracts.fits import Growth
from stages.core.log import progress
from stages.core.seeds import derived_seed
from stages.train.fitting.data import TrainingData, grade
from stages.train.fitting.model import ScoreFunction, Validate, Watch
from stages.train.fitting.rescoring import Copies
from stages.train.models.e2ep.arrivals import not_arrived
from stages.train.models.e2ep.choices import first_or_better, linear_options, weight_options
from stages.train.models.e2ep.features import item_features
from stages.train.models.e2ep.linear import has_linear_part, linear_part
from stages.train.models.e2ep.loss import SoftmaxLoss
from stages.train.models.e2ep.network import Graph, Network
from stages.train.models.e2ep.prior import prior_of
from stages.train.models.e2ep.score import Learned
from stages.train.models.e2ep.settings import Config, Linear

SIDES = {"refined": 1, "items": 1, "users": 1, "layers": 2, "target": 1, "source": 1, "edge": 1}
"""The axis along which the members' arrays are concatenated."""


class E2ep:
    """The project's own model."""

    def __init__(self, config: Config, seed: int) -> None:
        self.config, self.seed = config, seed
        self.form = config.form if config.text or config.user_text else None
        self.history, self.linear = config.history[0], config.linear
        # The linear part's matrices are two at most in float64, and one in float32.
        self.growth = Growth(
            time="cells",
            pair_bytes=20 if config.linear.weight else 0,
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
        linear = self.fit_linear(data, features, watch.validate)
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

    def fit_linear(
        self, data: TrainingData, features: np.ndarray, validate: Validate | None
    ) -> np.ndarray:
        """The linear part (items, items), chosen on valid if there is one, else as adopted."""
        if validate is None or not has_linear_part(data, self.linear):
            return linear_part(data, features, self.linear)
        options = linear_options(self.linear, data.n_items, features.shape[1] > 0)
        parts = ((option, linear_part(data, features, option)) for option in options)
        self.linear, weights = first_or_better(
            parts, lambda part: validate(self.linear_alone(*part))
        )
        return weights

    def linear_alone(self, linear: Linear, weights: np.ndarray) -> ScoreFunction:
        """The scores of a linear part before there is anything else."""
        assert self.data is not None
        self.linear, self.learned = linear, {"linear": weights}
        x = self.data.matrix(grade(self.data.rating, linear.grades))
        return lambda users: x[users] @ weights

    def read_ratings(self, data: TrainingData) -> None:
        self.data = data

    def score(self, users: np.ndarray) -> np.ndarray:
        assert self.data is not None
        learned, own = Learned.of(self.weights()), self.data.of_users(users)
        scores = learned.scores(self.learned["refined"][users], own, self.config)
        if self.config.later:
            scores -= np.float32(self.config.later) * not_arrived(self.data, users)
        return scores

    def parts(self, users: np.ndarray) -> dict[str, np.ndarray]:
        """The graph's, the linear part's and the prior's say, before any weight."""
        assert self.data is not None
        learned, own = Learned.of(self.weights()), self.data.of_users(users)
        return learned.parts(self.learned["refined"][users], own, self.config)

    def tune(self, validate: Validate) -> None:
        """Choose κ and β on valid, for this fit and the next."""
        self.tune_history(validate)
        if len(self.learned["linear"]):
            before = self.linear
            self.linear = first_or_better(
                weight_options(before), lambda linear: validate(self.weighing(linear))
            )
            if self.linear != before:
                self.tune_history(validate)

    def tune_history(self, validate: Validate) -> None:
        ndcgs = []
        for history in self.config.history:
            self.history = history
            ndcgs.append(np.mean(validate(self.score)))
        self.history = self.config.history[ndcgs.index(max(ndcgs))]

    def weighing(self, linear: Linear) -> Callable[[np.ndarray], np.ndarray]:
        """The scores with this β."""

        def score(users: np.ndarray) -> np.ndarray:
            self.linear = linear
            return self.score(users)

        return score

    def adopt(self, other: "E2ep") -> None:
        """Adopt what another fit's `tune` has chosen."""
        self.history, self.linear = other.history, other.linear

    def score_from_ratings(self, copies: Copies) -> np.ndarray:
        """Scores as of now: the penalty `later` does not depend on the copies' ratings."""
        own = copies.own
        if self.learned.keys() == {"linear"}:  # while it is chosen
            return own.matrix(grade(own.rating, self.linear.grades)) @ self.learned["linear"]
        learned = Learned.of(self.weights())
        vectors = learned.place(own, learned.users[copies.of], self.config.grades)
        return learned.scores(vectors, own, self.config)

    def weights(self) -> dict[str, np.ndarray]:
        chosen = {"history": self.history, "weight": self.linear.weight}
        arrays = {name: np.array([value], dtype=np.float32) for name, value in chosen.items()}
        return self.learned | arrays

    def restore(self, weights: dict[str, np.ndarray]) -> None:
        self.learned = dict(weights)
        self.history = float(weights["history"][0])
        self.linear = self.linear.model_copy(update={"weight": float(weights["weight"][0])})


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
