"""The networks of e2ep in training: members that differ only by their random draws."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from stages.core.log import progress
from stages.train.fitting.adam import AdamW
from stages.train.fitting.data import TrainingData
from stages.train.models.e2ep.division.alone import BY_ITSELF, Alone
from stages.train.models.e2ep.loss import SoftmaxLoss
from stages.train.models.e2ep.network import Network
from stages.train.models.e2ep.prior import Prior
from stages.train.models.e2ep.sampled import graph_of
from stages.train.models.e2ep.settings import Config

SIDES = {"refined": 1, "items": 1, "users": 1, "layers": 2, "target": 1, "source": 1, "edge": 1}
"""The axis along which the members' arrays are concatenated."""


@dataclass(frozen=True)
class Look:
    """What the networks have learned after an epoch; loss: its mean over members."""

    epoch: int
    loss: float
    learned: dict[str, np.ndarray]


class Training:
    """Members with their optimizers on the ratings of all users, or of one's own."""

    def __init__(
        self,
        config: Config,
        data: TrainingData,
        features: np.ndarray,
        prior: Prior,
        others: Alone = BY_ITSELF,
        arrived: np.ndarray | None = None,
    ) -> None:
        """features: (items, columns). others, arrived: see `Graph` and `SoftmaxLoss`."""
        self.every = config.every
        graph = graph_of(data, config, others)
        shown = torch.as_tensor(features, device=data.device)
        text = (
            torch.as_tensor(data.user_text, device=data.device)
            if config.user_text and data.user_text is not None
            else None
        )
        self.loss = SoftmaxLoss(config, graph, prior, data, arrived)
        self.networks = [
            Network(config, graph, shown, text).to(data.device) for _ in range(config.members)
        ]
        self.optimizers = [
            AdamW(network.parameters(), config.learning_rate, config.weight_decay)
            for network in self.networks
        ]

    def epoch(self) -> float:
        """One pass over the users by each member; their mean loss."""
        members = zip(self.networks, self.optimizers, strict=True)
        losses = [self.loss.epoch(*member) for member in members]
        return sum(losses) / len(losses)

    def looks(self, last: int) -> Iterator[Look]:
        """Train for so many epochs; yields after every few what has been learned."""
        for epoch in progress(range(1, last + 1), "e2ep: epochs"):
            loss = self.epoch()
            if not epoch % self.every or epoch == last:
                yield Look(epoch, loss, self.learned())

    def learned(self) -> dict[str, np.ndarray]:
        """Arrays of all members in one, as stages/train/models/e2ep/score.py takes them."""
        return joined(self.networks)

    def state(self) -> dict[str, Any]:
        """All that the next epoch depends on."""
        own = self.loss.graph.others.generator
        return {
            "networks": [network.state_dict() for network in self.networks],
            "optimizers": [optimizer.state_dict() for optimizer in self.optimizers],
            "draws": torch.get_rng_state(),
            "own_draws": None if own is None else own.get_state(),
        }

    def resume(self, state: dict[str, Any]) -> None:
        """Continue from an earlier `state`."""
        for network, earlier in zip(self.networks, state["networks"], strict=True):
            network.load_state_dict(earlier)
        for optimizer, earlier in zip(self.optimizers, state["optimizers"], strict=True):
            optimizer.load_state_dict(earlier)
        torch.set_rng_state(state["draws"])
        if (own := self.loss.graph.others.generator) is not None:
            own.set_state(state["own_draws"])


def joined(networks: Sequence[Network]) -> dict[str, np.ndarray]:
    """Arrays of all members in one, as stages/train/models/e2ep/score.py takes them."""
    members = [network.learned() for network in networks]
    arrays = {
        name: torch.cat([member[name] for member in members], dim)
        if members[1:]
        else members[0][name]
        for name, dim in SIDES.items()
    }
    # A product of concatenated vectors is the sum of the members' cosines; so it is their mean.
    for name in ("refined", "items"):
        arrays[name] /= len(members) ** 0.5
    arrays["bias"] = torch.stack([member["bias"] for member in members]).mean(0)
    return {name: tensor.cpu().numpy() for name, tensor in arrays.items()} | {
        "members": np.array([len(members)])
    }
