"""One training step of e2ep divided among processes, each of which has some users.

A process has its users' ratings and free vectors. Items, and all other parameters, are replicated:
every process has them whole, with their gradients and AdamW's moments (`replicated_bytes`). Each
computes what its users add to the loss, Σ of their part over the grades of the whole batch, so that
the sum over processes is the loss of one process, and the sum of gradients its gradient.

Only the messages towards items need others in between: an item's softmax is over all its raters.
With y_w and L_w = log Σ_s exp(e_ts) over the edges of process w, and M the greatest L_w,

    y = Σ_w exp(L_w − M) y_w / Σ_w exp(L_w − M)

M and both sums are all-reduced; on the way back, only the gradient of y is (`_Joined`).

Numbers drawn for items come from torch's own generator, which is seeded alike in all processes and
advances alike; those for users and ratings come from one generator per process.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch
import torch.distributed as dist
from torch import Tensor, nn

from stages.core.errors import ParamError
from stages.core.memory import give_back_blocks
from stages.train.fitting.data import TrainingData
from stages.train.graph.heads import by_head, weighted
from stages.train.models.e2ep.division.alone import Alone
from stages.train.models.e2ep.settings import Config

OWN = {"users"}
"""Parameters of `Network` that a process has for its users alone."""
LEAST_GIVEN_BACK, MOST_GIVEN_BACK = 1 << 20, 1 << 24
"""Bounds, in bytes, of the size from which a freed table goes back to the system."""
COPIES = 4
"""Of each replicated number: itself, its gradient and AdamW's two moments."""


class Divided(Alone):
    """The processes of torch's default group."""

    def __init__(self, generator: torch.Generator, ratings: int) -> None:
        """generator: see `Alone`. ratings: of one's own users, on which that size depends."""
        self.generator = generator
        # A graph is divided so that a process holds less. On a small one, too, a step's tables of
        # ratings, of 4 and 8 bytes each, shall go back.
        give_back_blocks(min(max(LEAST_GIVEN_BACK, 2 * ratings), MOST_GIVEN_BACK))

    def total(self, mine: Tensor) -> Tensor:
        total = mine.clone()
        dist.all_reduce(total)
        return total

    def attention(self, mine: Tensor, log_sum: Tensor) -> Tensor:
        y: Tensor = _Joined.apply(mine, log_sum)
        return y

    def batches(self, users: Tensor, parts: int) -> Sequence[Tensor]:
        """As many for each process, of users that may be fewer."""
        return users.tensor_split(parts)

    def add_gradients(self, network: nn.Module) -> None:
        for name, parameter in network.named_parameters():
            if name not in OWN:
                parameter.grad = self.total(
                    torch.zeros_like(parameter) if parameter.grad is None else parameter.grad
                )


class _Joined(torch.autograd.Function):
    """Everybody's weighted sums y (targets, heads · channels) from those y_w of the processes.

    With s_w = exp(L_w − M) / Σ_w' exp(L_w' − M), y = Σ_w s_w y_w. Each process's loss depends on y,
    so g = Σ_w ∂loss_w/∂y, and

        ∂loss/∂y_w = s_w g        ∂loss/∂L_w = s_w g·(y_w − y)
    """

    @staticmethod
    def forward(ctx: Any, mine: Tensor, log_sum: Tensor) -> Tensor:
        top = log_sum.clone()  # (heads, targets)
        dist.all_reduce(top, dist.ReduceOp.MAX)
        # Nobody has an edge of some targets; their sums are 0.
        share = (log_sum - top.masked_fill_(top.isinf(), 0.0)).exp_()
        total = share.clone()
        dist.all_reduce(total)
        # Where there is an edge, the total is at least 1.
        share.div_(total.clamp_min_(1.0))
        y = weighted(mine, share)
        dist.all_reduce(y)
        ctx.save_for_backward(mine, share, y)
        return y

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, Tensor]:  # type: ignore[override]
        mine, share, y = ctx.saved_tensors
        heads = len(share)
        g = grad.clone(memory_format=torch.contiguous_format)
        dist.all_reduce(g)
        # g·y_w and g·y: (targets, heads)
        g_mine, g_y = (
            torch.einsum("thc,thc->th", by_head(g, heads), by_head(rows, heads))
            for rows in (mine, y)
        )
        by_head(g, heads).mul_(share.T[:, :, None])
        return g, share * (g_mine - g_y).T


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
