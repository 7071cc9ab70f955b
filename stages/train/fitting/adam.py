"""AdamW: Loshchilov and Hutter, Decoupled weight decay regularization, ICLR 2019, algorithm 2.

The same steps as torch.optim.AdamW's, bit for bit on a CPU. Torch's own loads its compiler as it is
made, which takes a process a second and 70 MB.
"""

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor

FIRST, SECOND = 0.9, 0.999
"""β₁ and β₂: what a step keeps of the moments."""
LEAST = 1e-8
"""ε, added to the root of the second moment."""


class Adam:
    """Steps with decoupled weight decay; without decay, those of Kingma and Ba, ICLR 2015."""

    def __init__(
        self, parameters: Iterable[Tensor], learning_rate: float, weight_decay: float = 0.0
    ) -> None:
        self.parameters = list(parameters)
        self.learning_rate, self.weight_decay = learning_rate, weight_decay
        self.steps = [0] * len(self.parameters)
        self.moments = [(torch.zeros_like(one), torch.zeros_like(one)) for one in self.parameters]

    @torch.no_grad()
    def step(self) -> None:
        """Move each parameter that has a gradient."""
        for at, (parameter, (m, v)) in enumerate(zip(self.parameters, self.moments, strict=True)):
            g = parameter.grad
            if g is None:
                continue
            self.steps[at] += 1
            first, second = (1 - beta ** self.steps[at] for beta in (FIRST, SECOND))
            # m = β₁ m + (1 − β₁) g and v = β₂ v + (1 − β₂) g²
            m.lerp_(g, 1 - FIRST)
            v.mul_(SECOND).addcmul_(g, g, value=1 - SECOND)
            # θ = (1 − ηλ) θ − η m̂ / (√v̂ + ε) with m̂ = m / (1 − β₁^t), v̂ = v / (1 − β₂^t)
            if self.weight_decay:
                parameter.mul_(1 - self.learning_rate * self.weight_decay)
            parameter.addcdiv_(
                m, v.sqrt().div_(second**0.5).add_(LEAST), value=-self.learning_rate / first
            )

    def zero_grad(self) -> None:
        """Forget the gradients."""
        for parameter in self.parameters:
            parameter.grad = None

    def state_dict(self) -> dict[str, Any]:
        """What the next step depends on, besides the parameters."""
        return {"steps": self.steps, "moments": self.moments}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Continue from a `state_dict`."""
        self.steps = list(state["steps"])
        for mine, earlier in zip(self.moments, state["moments"], strict=True):
            for moment, value in zip(mine, earlier, strict=True):
                moment.copy_(value)
