"""The bundled model on each backend, loaded once per session."""

from importlib.util import find_spec

import pytest

from stages.embed.encoder import Encoder

installed = pytest.mark.skipif(
    find_spec("openvino") is None, reason="the extra `fast` is not installed"
)


@pytest.fixture(scope="session")
def torch_encoder() -> Encoder:
    """Torch on one thread."""
    import torch

    from stages.embed.backend import load_encoder

    torch.set_num_threads(1)
    return load_encoder("bundled", "torch")


@pytest.fixture(scope="session", params=["torch", pytest.param("openvino", marks=installed)])
def encoder(request: pytest.FixtureRequest, torch_encoder: Encoder) -> Encoder:
    """One backend after the other."""
    from stages.embed.backend import load_encoder

    return torch_encoder if request.param == "torch" else load_encoder("bundled", request.param)
