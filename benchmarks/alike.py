"""Random numbers on a GPU as the CPU draws them, so that two fits differ by rounding alone."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import dropout
from torch.overrides import TorchFunctionMode

FROM_SIZES = (torch.rand, torch.randint, torch.randperm)
FROM_A_TENSOR = (torch.rand_like, torch.multinomial)


class AlikeDraws(TorchFunctionMode):
    """While it lasts, what is drawn for another device is drawn on the CPU and moved there."""

    def __torch_function__(
        self, function: Any, types: Any, args: Any = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        kwargs = kwargs or {}
        draw: Callable[..., Tensor] = function
        if function in FROM_SIZES and kwargs.get("device"):
            return draw(*args, **kwargs | {"device": "cpu"}).to(kwargs["device"])
        if function in FROM_A_TENSOR:
            return draw(args[0].cpu(), *args[1:], **kwargs).to(args[0].device)
        if function is Tensor.bernoulli_ and args[0].device.type != "cpu":
            there = kwargs.get("generator")
            here = there and torch.Generator().manual_seed(there.initial_seed())
            drawn = torch.empty(args[0].shape).bernoulli_(*args[1:], generator=here)
            return args[0].copy_(drawn)
        if function is dropout and args[0].device.type != "cpu":
            # What is dropped of ones on the CPU is what would be dropped of any tensor there.
            ones = torch.ones(args[0].shape)
            return args[0] * dropout(ones, *args[1:], **kwargs).to(args[0].device)
        return draw(*args, **kwargs)
