"""SASRec (Kang and McAuley, ICDM 2018) with a sampled softmax: a transformer over the history.

The source's loss with one negative per item is far behind one with many (gSASRec, RecSys 2023;
eSASRec, RecSys 2025). Here a batch shares its negatives, so that scoring them is one product.
"""

from collections.abc import Iterator

import numpy as np
import torch
from pydantic import Field
from torch import Tensor

from stages.core.log import progress
from stages.core.seeds import derived_seed
from stages.train.fitting.adam import AdamW
from stages.train.fitting.data import TrainingData, grade
from stages.train.fitting.model import Watch
from stages.train.fitting.rescoring import Copies
from stages.train.models.sequence.histories import Histories
from stages.train.models.sequence.network import NetworkConfig, SasrecNetwork

_READ_AT_ONCE = 512


class Config(NetworkConfig):
    """The network and its training."""

    sampled: int = Field(512, ge=1)
    """Items per batch that the softmax is over; with as many as there are, it is over all."""

    grades: dict[int, float] = Field({5: 1.0, 4: 1.0, 3: 0.5, 2: 0.25, 1: 0.1}, min_length=2)
    """Weight of an item in the loss by its rating."""

    learning_rate: float = Field(2e-3, gt=0)
    """Of AdamW."""

    weight_decay: float = Field(0.0, ge=0)
    """Of AdamW."""

    batch: int = Field(128, ge=1)
    """Histories per step."""

    epochs: int = Field(200, ge=1)
    """Passes over the histories at most; the refit takes as many as were best on validation."""

    every: int = Field(5, ge=1)
    """Epochs between validations."""

    patience: int = Field(20, ge=1)
    """Epochs without a better validation NDCG after which training stops."""


class Sasrec:
    """Scores users from their latest items; nothing is learned of a user but these."""

    form = None

    def __init__(self, config: Config, seed: int) -> None:
        self.config, self.seed = config, seed
        self.network = SasrecNetwork(config, 0)

    def fit(self, data: TrainingData, watch: Watch) -> None:
        self.read_ratings(data)
        torch.manual_seed(derived_seed(self.seed, "sasrec"))
        watch.patience = self.config.patience
        self.network = SasrecNetwork(self.config, data.n_items).to(data.device)
        optimizer = AdamW(
            self.network.parameters(), self.config.learning_rate, self.config.weight_decay
        )
        last = watch.last_epoch or self.config.epochs
        for epoch in progress(range(1, last + 1), "sasrec: epochs"):
            loss = self._epoch(optimizer)
            if epoch % self.config.every and epoch != last:
                continue
            if not watch.should_continue(epoch, loss, self):
                return

    def read_ratings(self, data: TrainingData) -> None:
        self.histories = Histories.of(data, "sasrec")

    def score(self, users: np.ndarray) -> np.ndarray:
        return self._scores(self.histories, users)

    def score_from_ratings(self, copies: Copies) -> np.ndarray:
        return self._scores(Histories.of(copies.own, "sasrec"), np.arange(len(copies.of)))

    def weights(self) -> dict[str, np.ndarray]:
        state = self.network.state_dict()
        return {name: tensor.cpu().numpy().copy() for name, tensor in state.items()}

    def restore(self, weights: dict[str, np.ndarray]) -> None:
        self.network = SasrecNetwork(self.config, len(weights["items"])).to(self.device)
        self.network.load_state_dict(
            {name: torch.from_numpy(array) for name, array in weights.items()}
        )

    @property
    def device(self) -> torch.device:
        """Where the network is."""
        return self.network.items.device

    def _epoch(self, optimizer: AdamW) -> float:
        self.network.train()
        losses, n_items = [], self.network.n_items
        for histories, weight in self._batches():
            sampled = torch.randperm(n_items, device=self.device)[: self.config.sampled]
            loss = self.network.loss(histories, weight, sampled)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        return float(np.mean(losses))

    def _batches(self) -> Iterator[tuple[Tensor, Tensor]]:
        """Item rows and weights, (histories, length) each, shuffled.

        Those of a batch are alike in length; one that is longer than what is read is several.
        """
        starts, ends = self._windows
        grades = grade(self.histories.rating, self.config.grades)
        shuffled = torch.randperm(len(starts)).numpy()
        by_length = shuffled[np.argsort((ends - starts)[shuffled], kind="stable")]
        batches = np.array_split(by_length, np.arange(0, len(starts), self.config.batch)[1:])
        for batch in torch.randperm(len(batches)).tolist():
            first, length = starts[batches[batch]], (ends - starts)[batches[batch]]
            place = np.arange(length.max())
            known = place < length[:, None]
            rows = np.where(known, first[:, None] + place, 0)
            items, weight = self.histories.item[rows], np.where(known, grades[rows], 0)
            weight = weight.astype(np.float32)
            yield self._placed(items), self._placed(weight)

    @property
    def _windows(self) -> tuple[np.ndarray, np.ndarray]:
        """Where the parts of all histories begin and end: a user's last items, then others."""
        lengths, ends = self.histories.lengths, self.histories.starts[1:]
        parts = -(-lengths // self.config.last)
        back = np.arange(parts.sum()) - np.repeat(np.cumsum(parts) - parts, parts)
        to = np.repeat(ends, parts) - back * self.config.last
        begin = np.repeat(self.histories.starts[:-1], parts)
        return np.maximum(to - self.config.last, begin), to

    @torch.no_grad()
    def _scores(self, histories: Histories, users: np.ndarray) -> np.ndarray:
        self.network.eval()
        # Users of like lengths are read together; their states are in the order of `users`.
        by_length = np.argsort(histories.lengths[users], kind="stable")
        states = self.network.items.new_empty(len(users), self.config.channels)
        for at in np.array_split(by_length, np.arange(0, len(users), _READ_AT_ONCE)[1:]):
            states[self._placed(at)] = self._states(histories, users[at])
        return (states @ self.network.directions().T).cpu().numpy()

    def _states(self, histories: Histories, users: np.ndarray) -> Tensor:
        """What users are after their latest items, (users, channels)."""
        length = np.minimum(histories.lengths[users], self.config.last)
        place = np.arange(length.max(initial=0))
        rows = np.where(
            place < length[:, None], histories.starts[1:][users, None] - length[:, None] + place, 0
        )
        states: Tensor = self.network(self._placed(histories.item[rows]))
        return states[torch.arange(len(users), device=self.device), self._placed(length)]

    def _placed(self, array: np.ndarray) -> Tensor:
        return torch.as_tensor(array, device=self.device)


MODEL = Sasrec
