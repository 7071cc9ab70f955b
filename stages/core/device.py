"""Where torch computes: the CPU, an NVIDIA or AMD GPU (cuda), or an Apple one (mps)."""

from typing import Literal

from stages.core.errors import ParamError

Device = Literal["auto", "cpu", "cuda", "mps"]


def chosen_device(asked: Device, key: str, sparse: bool) -> str:
    """The device that is `asked` for: of `auto`, cuda if it works here, otherwise the CPU.

    key: of params.yaml, for the ParamError where what is asked for does not work. sparse: whether
    products of sparse matrices are needed too. mps is taken only when it is named, as torch has few
    sparse operations for it.
    """
    if asked == "cpu":
        return asked
    device = "cuda" if asked == "auto" else asked
    fault = _fault(device, sparse)
    if not fault:
        return device
    if asked == "auto":
        return "cpu"
    raise ParamError(f"{key} is {asked}, which cannot be used ({fault}); set it to cpu")


def _fault(device: str, sparse: bool) -> str:
    """Why a small product on the device fails, if it does: a driver, a build, an old GPU."""
    import torch

    if not (torch.cuda if device == "cuda" else torch.mps).is_available():
        return "torch finds none here"
    try:
        matrix = torch.eye(2, device=device)
        if sparse:
            matrix = matrix.to_sparse_csr()
        (matrix @ torch.ones(2, 2, device=device)).sum().item()
    except (RuntimeError, NotImplementedError) as error:
        return str(error).partition("\n")[0].rstrip(".")
    return ""


def device_name(device: str) -> str:
    """The device in words, with the GPU's own name."""
    if device != "cuda":
        return device
    import torch

    return f"cuda ({torch.cuda.get_device_name()})"
