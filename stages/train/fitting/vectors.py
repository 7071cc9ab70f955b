"""Models whose scores are dot products of a user's vector and an item's."""

import numpy as np
import torch
from torch import Tensor

from stages.contracts.scale import POSITIVE
from stages.train.fitting.rescoring import Copies


class NodeVectors:
    """Keeps, scores and restores what `fit` sets: (users, channels) and (items, channels)."""

    users: Tensor
    items: Tensor

    def keep(self, nodes: Tensor, n_users: int) -> None:
        """Keep the vectors of all nodes, users first, on the CPU, which ranks the items."""
        kept = nodes.detach().cpu()
        self.users, self.items = kept[:n_users], kept[n_users:]

    def score(self, users: np.ndarray) -> np.ndarray:
        return (self.users[torch.from_numpy(users)] @ self.items.T).numpy()

    def place_users(self, copies: Copies) -> np.ndarray:
        """As if a user's vector were the sum of those of the items that they like."""
        likes = copies.own.matrix((copies.own.rating >= POSITIVE).astype(np.float32))
        items = self.items.numpy()
        return np.asarray(likes @ items @ items.T)

    def weights(self) -> dict[str, np.ndarray]:
        return {"users": self.users.numpy(), "items": self.items.numpy()}

    def restore(self, weights: dict[str, np.ndarray]) -> None:
        self.users, self.items = (torch.from_numpy(weights[name]) for name in ("users", "items"))
