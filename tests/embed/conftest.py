"""The bundled model on each backend, loaded once per session."""

from importlib.util import find_spec

import pytest

from stages.embed.backend import load_encoder
from stages.embed.encoder import Encoder
from stages.embed.library import LibraryEncoder
from stages.embed.weights import load_model

installed = pytest.mark.skipif(
    find_spec("openvino") is None, reason="the extra `fast` is not installed"
)


@pytest.fixture(scope="session")
def torch_encoder() -> Encoder:
    """Our own forward pass, on one thread."""
    import torch

    torch.set_num_threads(1)
    return load_encoder("bundled", "torch")


@pytest.fixture(scope="session")
def library_encoder() -> LibraryEncoder:
    """The same weights as sentence-transformers runs them."""
    return LibraryEncoder(load_model("bundled"))


@pytest.fixture(scope="session", params=["own", "library", pytest.param("fast", marks=installed)])
def encoder(
    request: pytest.FixtureRequest, torch_encoder: Encoder, library_encoder: LibraryEncoder
) -> Encoder:
    """One backend after the other."""
    if request.param == "fast":
        return load_encoder("bundled", "openvino")
    return torch_encoder if request.param == "own" else library_encoder
