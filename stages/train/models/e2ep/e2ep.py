"""e2ep: graph attention over users and items, seeded by profiles, on top of what is popular among people like the user.

The score (stages/train/models/e2ep/score.py) is a prior of popularity by age and gender, and, the more the more ratings a user
has, his own taste: vectors of a graph attention network (stages/train/models/e2ep/network.py), trained by a softmax over the whole
catalogue, and a linear part in closed form. From how many ratings on the own taste counts for half is chosen on valid.
"""

from collections.abc import Sequence

import numpy as np
import torch

from stages.core.log import progress
from stages.core.seeds import derived_seed
from stages.train.fitting.data import TrainingData, graded
from stages.train.fitting.model import Validate, Watch
from stages.train.fitting.rescoring import Copies
from stages.train.models.e2ep.arrivals import came_after
from stages.train.models.e2ep.features import item_features
from stages.train.models.e2ep.loss import Catalogue
from stages.train.models.e2ep.network import Graph, Network
from stages.train.models.e2ep.prior import Prior, prior_of
from stages.train.models.e2ep.score import Learned
from stages.train.models.e2ep.settings import Config
from stages.train.models.e2ep.turns import in_turn
from stages.train.models.ease import balanced, item_weights

SIDES = {"refined": 1, "items": 1, "users": 1, "layers": 2, "target": 1, "source": 1, "edge": 1}
"""Where the members' arrays stand side by side."""


class E2ep:
    """The project's own model."""

    def __init__(self, config: Config, seed: int) -> None:
        self.config, self.seed = config, seed
        self.form = config.form if config.text or config.user_text else None
        self.history = config.history[0]
        self.data: TrainingData | None = None
        self.learned: dict[str, np.ndarray] = {}

    def fit(self, data: TrainingData, watch: Watch) -> None:
        torch.manual_seed(derived_seed(self.seed, "e2ep"))
        watch.patience, self.data = self.config.patience, data
        features = item_features(data, self.config.text, self.config.components)
        prior = prior_of(data, features)
        self.learned = {
            "base": prior.base,
            "lift": prior.lift,
            "linear": self._linear(data, features),
        }
        self._train(data, features, prior, watch)

    def score(self, users: np.ndarray) -> np.ndarray:
        assert self.data is not None
        found = self._now().scores(
            self.learned["refined"][users], self.data.of_users(users), self.config
        )
        if self.config.later:
            found -= np.float32(self.config.later) * came_after(self.data, users)
        return found

    def tune(self, validate: Validate) -> None:
        """Choose κ on valid, for this fit and the next."""
        found = [self._validated(history, validate) for history in self.config.history]
        self.history = self.config.history[found.index(max(found))]

    def adopt(self, other: "E2ep") -> None:
        """Take what another fit's `tune` has chosen."""
        self.history = other.history

    def rescore(self, copies: Copies) -> np.ndarray:
        """As for now: what `later` takes is no matter of the copies' ratings."""
        learned = self._now()
        start = learned.users[copies.of]
        return learned.scores(
            learned.fold(copies.own, start, self.config.grades), copies.own, self.config
        )

    def weights(self) -> dict[str, np.ndarray]:
        return self.learned | {"history": np.array([self.history], dtype=np.float32)}

    def restore(self, weights: dict[str, np.ndarray]) -> None:
        self.learned = dict(weights)
        self.history = float(weights["history"][0])

    def _validated(self, history: float, validate: Validate) -> float:
        self.history = history
        return validate(self.score)

    def _train(self, data: TrainingData, features: np.ndarray, prior: Prior, watch: Watch) -> None:
        graph = Graph(data, self.config.grades)
        text = (
            torch.from_numpy(data.user_text)
            if self.config.user_text and data.user_text is not None
            else None
        )
        catalogue = Catalogue(self.config, graph, prior, data)
        networks = [
            Network(self.config, graph, torch.from_numpy(features), text)
            for _ in range(self.config.members)
        ]
        members = [(network, self._optimizer(network)) for network in networks]
        last = watch.last_epoch or self.config.epochs
        for epoch in progress(range(1, last + 1), "e2ep: epochs"):
            losses = [catalogue.epoch(network, optimizer) for network, optimizer in members]
            if epoch % self.config.every and epoch != last:
                continue
            self._keep(networks)
            if not watch.goes_on(epoch, sum(losses) / len(losses), self):
                return

    def _optimizer(self, network: Network) -> torch.optim.Optimizer:
        rate, decay = self.config.learning_rate, self.config.weight_decay
        return torch.optim.AdamW(network.parameters(), lr=rate, weight_decay=decay)

    def _keep(self, networks: Sequence[Network]) -> None:
        found = [network.frozen() for network in networks]
        side_by_side = {
            name: torch.cat([one[name] for one in found], dim) for name, dim in SIDES.items()
        }
        for name in ("refined", "items"):
            side_by_side[name] /= len(networks) ** 0.5
        side_by_side["bias"] = torch.stack([one["bias"] for one in found]).mean(0)
        arrays = {name: tensor.numpy() for name, tensor in side_by_side.items()}
        self.learned = self.learned | arrays | {"members": np.array([len(networks)])}

    def _linear(self, data: TrainingData, features: np.ndarray) -> np.ndarray:
        part = self.config.linear
        if not part.weight or data.n_items > part.most_items:
            return np.zeros((0, 0), dtype=np.float32)
        values = graded(data.rating, part.grades)
        known = part.features**0.5 * _directions(features)
        turns = part.turns * in_turn(data, values)
        ratings = balanced(data.matrix(values), part.balance)
        return item_weights(ratings, part.l2, part.growth, known, turns)

    def _now(self) -> Learned:
        return Learned.of(self.weights())


def _directions(features: np.ndarray) -> np.ndarray:
    """Rows of length 1, less their mean."""
    lengths = np.maximum(np.linalg.norm(features, axis=1, keepdims=True), 1e-12)
    return np.asarray(features / lengths - (features / lengths).mean(axis=0))


MODEL = E2ep
