"""What a step of e2ep asks of others who have other users: of nobody, where one process has all."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn


class Alone:
    """Nobody else takes part."""

    generator: torch.Generator | None = None
    """Of what is drawn for users and ratings; torch's own if None."""

    def total(self, mine: Tensor) -> Tensor:
        """The sum over all who take part, without a gradient."""
        return mine

    def attention(self, mine: Tensor, _log_sum: Tensor) -> Tensor:
        """What `Attention` gives for everybody's edges; mine: what it gives for one's own."""
        return mine

    def batches(self, users: Tensor, parts: int) -> Sequence[Tensor]:
        """One's own users (users,) in so many parts."""
        return users.chunk(parts)

    def add_gradients(self, network: nn.Module) -> None:
        """Add those that others have of what is shared with them."""


BY_ITSELF = Alone()
