"""A second device for tests without a GPU: its tensors lie in memory, but meet no others there.

Torch keeps a place for devices that are no part of it. Here a tensor of that place holds one of the
CPU's, on which every operation runs, so that a result has the same bytes as on the CPU; and an
operation on tensors of both places fails, as it does between the CPU and a GPU. A tensor that is
made on the wrong side is thus found by whoever meets it first.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves, tree_map
from torch.utils.backend_registration import _setup_privateuseone_for_python_backend

ELSEWHERE = "elsewhere"
# At the import, as the first backward pass starts threads for those devices that torch knows then.
_setup_privateuseone_for_python_backend(ELSEWHERE)
_CROSSING = {"aten::_to_copy", "aten::copy_"}
"""Operations that bring a tensor from one place to the other."""
_OF_THE_CPU = torch.Generator
_GENERATORS: dict[int, torch.Generator] = {}
"""Those elsewhere, which are the CPU's, by their address."""


class Held(Tensor):
    """A tensor elsewhere; held: the CPU's."""

    held: Tensor

    @staticmethod
    def __new__(cls: type["Held"], held: Tensor) -> "Held":
        strided = held.layout is torch.strided
        made: Held = Tensor._make_wrapper_subclass(
            cls,
            held.shape,
            strides=held.stride() if strided else None,
            storage_offset=held.storage_offset() if strided else None,
            dtype=held.dtype,
            device=torch.device(ELSEWHERE, 0),
        )
        made.held = held
        return made

    def tolist(self) -> Any:
        return self.held.tolist()

    def __repr__(self, **_: Any) -> str:  # type: ignore[override]
        return f"elsewhere {self.held!r}"

    @classmethod
    def __torch_dispatch__(  # type: ignore[override]
        cls, func: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        return _on_either_side(func, args, kwargs or {})


class Beside(TorchDispatchMode):
    """While it lasts, tensors can be made elsewhere. here, there: the operations of each side."""

    def __init__(self) -> None:
        super().__init__()
        self.here: set[str] = set()
        self.there: set[str] = set()

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        made = _on_either_side(func, args, kwargs or {})
        goes = any(isinstance(x, Held) for x in tree_leaves((args, kwargs, made)))
        (self.there if goes else self.here).add(func._schema.name)
        return made


def _on_either_side(func: Any, args: Any, kwargs: dict[str, Any]) -> Any:
    name, device = func._schema.name, kwargs.get("device")
    tensors = [x for x in tree_leaves((args, kwargs)) if isinstance(x, Tensor)]
    there = [x for x in tensors if isinstance(x, Held)]
    draws = kwargs.get("generator")
    if draws is not None and bool(there) != (draws._cdata in _GENERATORS):
        raise RuntimeError(f"{name}: expected a generator of the tensor's device")
    # A number of the CPU, without dimensions, may meet tensors of any device.
    here = [x for x in tensors if x.dim() and not isinstance(x, Held)]
    if there and here and name not in _CROSSING:
        raise RuntimeError(f"{name}: expected all tensors to be on the same device")
    if device is not None:
        goes = torch.device(device).type == ELSEWHERE
        kwargs = kwargs | ({"device": torch.device("cpu")} if goes else {})
    else:
        goes = isinstance(args[0], Held) if name == "aten::copy_" else bool(there)
    args, kwargs = tree_map(lambda x: x.held if isinstance(x, Held) else x, (args, kwargs))
    made = func(*args, **kwargs)
    if not goes:
        return made
    # What an operation in place returns is the tensor that it was given.
    same = {id(x.held): x for x in there}
    return tree_map(lambda x: same[id(x)] if id(x) in same else _held(x), made)


def _held(value: Any) -> Any:
    return Held(value) if isinstance(value, Tensor) and not isinstance(value, Held) else value


@contextmanager
def second_device() -> Iterator[Beside]:
    """While it lasts, there is a device `elsewhere`."""

    def generator(device: Any = "cpu") -> torch.Generator:
        made = _OF_THE_CPU()
        if torch.device(device).type == ELSEWHERE:
            _GENERATORS[made._cdata] = made  # type: ignore[attr-defined]
        return made

    with Beside() as beside, patch.object(torch, "Generator", generator):
        yield beside
