"""One training step of e2ep divided among processes, each of which has some users.

A process has its users' ratings and free vectors. Items, and all other parameters, are replicated:
every process has them whole, with their gradients and AdamW's moments (`replicated_bytes`). Each
computes what its users add to the loss, Σ of their part over the grades of the whole batch, so that
the sum over processes is the loss of one process, and the sum of gradients its gradient.

Only the messages towards items need others in between: an item's softmax is over all its raters.
With y_w and L_w = log Σ_s exp(e_ts) over the edges of process w, and M the greatest L_w,

    y = Σ_w exp(L_w − M) y_w / Σ_w exp(L_w − M)

The sums are all-reduced, and so are their gradients on the way back, as each process's loss depends
on them.

Numbers drawn for items come from torch's own generator, which is seeded alike in all processes and
advances alike; those for users and ratings come from one generator per process.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.distributed.nn.functional import all_reduce

from stages.core.errors import ParamError
from stages.train.fitting.data import TrainingData
from stages.train.models.e2ep.division.alone import Alone
from stages.train.models.e2ep.settings import Config

OWN = {"users"}
"""Parameters of `Network` that a process has for its users alone."""
COPIES = 4
"""Of each replicated number: itself, its gradient and AdamW's two moments."""


class Divided(Alone):
    """The processes of torch's default group."""

    def __init__(self, generator: torch.Generator) -> None:
        self.generator = generator

    def total(self, mine: Tensor) -> Tensor:
        total = mine.clone()
        dist.all_reduce(total)
        return total

    def attention(self, mine: Tensor, log_sum: Tensor) -> Tensor:
        top = log_sum.detach().clone()  # (heads, targets)
        dist.all_reduce(top, dist.ReduceOp.MAX)
        # Nobody has an edge of some targets; their sums are 0.
        share = (log_sum - top.masked_fill(top.isinf(), 0.0)).exp().T  # (targets, heads)
        heads = share.shape[1]
        weighed = mine.unflatten(1, (heads, -1)) * share[:, :, None]  # (targets, heads, channels)
        sums: Tensor = all_reduce(torch.cat([weighed.flatten(1), share], 1))
        # Σ_w exp(L_w − M) is at least 1 where there is an edge.
        total = sums[:, -heads:].clamp_min(1.0)  # (targets, heads)
        y = sums[:, :-heads].unflatten(1, (heads, -1)) / total[:, :, None]
        return y.flatten(1)

    def batches(self, users: Tensor, parts: int) -> Sequence[Tensor]:
        """As many for each process, of users that may be fewer."""
        return users.tensor_split(parts)

    def add_gradients(self, network: nn.Module) -> None:
        for name, parameter in network.named_parameters():
            if name not in OWN:
                parameter.grad = self.total(
                    torch.zeros_like(parameter) if parameter.grad is None else parameter.grad
                )


def divided_users(data: TrainingData, processes: int) -> list[np.ndarray]:
    """Rows of each process's users, in order, with about equally many ratings."""
    ends = np.cumsum(np.bincount(data.user, minlength=data.n_users))  # ratings up to each user
    marks = ends[-1] * np.arange(1, processes) / processes
    return np.split(np.arange(data.n_users), np.searchsorted(ends, marks, side="left") + 1)


def ratings_of_share(data: TrainingData, users: np.ndarray) -> TrainingData:
    """What the process with these users needs of the data."""
    return replace(data.of_users(users), user_text=None, item_text=None, facts=None)


def check_divisible(config: Config) -> None:
    """Refuse what needs all users at once."""
    if config.user_text or config.fairness.weight:
        name = "user_text" if config.user_text else "fairness.weight"
        raise ParamError(
            f"train.e2ep.{name} is set, which needs all users at once; unset it, or train with one "
            "worker"
        )


def replicated_bytes(config: Config, n_items: int, columns: int) -> int:
    """Bytes that every process holds however many there are: tables of items and of features.

    columns: of the items' features.
    """
    learned = config.members * (n_items + columns) * (config.channels + 1)
    return 4 * (COPIES * learned + n_items * columns)
