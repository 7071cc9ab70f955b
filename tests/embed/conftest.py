"""The bundled encoder, loaded once a session."""

from typing import Any

import pytest


@pytest.fixture(scope="session")
def encoder() -> Any:
    """The bundled model on one thread, with the network ruled out."""
    import torch

    from stages.embed.weights import load_encoder

    torch.set_num_threads(1)
    return load_encoder("bundled")
