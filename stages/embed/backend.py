"""Which backend runs the embedding model: OpenVINO if it is installed, otherwise torch."""

from importlib.util import find_spec

from stages.core.errors import MissingError, ParamError
from stages.core.log import aside
from stages.core.threads import cores
from stages.embed.encoder import Encoder
from stages.embed.library import LibraryEncoder
from stages.embed.minilm import MiniLm
from stages.embed.params import Backend
from stages.embed.weights import SHA256, load_model

INSTALL = 'pip install -e ".[fast]" -c constraints.txt'


def load_encoder(name: str, backend: Backend) -> Encoder:
    """The model `name`; `auto` uses OpenVINO if it is installed and runs the model."""
    installed = find_spec("openvino") is not None
    if backend == "openvino" and not installed:
        raise MissingError(
            "embed.backend is openvino, which is not installed; "
            f"run `{INSTALL}`, or set it to torch"
        )
    if backend == "torch" or not installed:
        return MiniLm() if name == "bundled" else LibraryEncoder(load_model(name))
    from stages.embed.fast import OpenVino, can_run

    model = load_model(name)
    if can_run(model):
        return OpenVino(model, cores(), SHA256 if name == "bundled" else None)
    if backend == "openvino":
        raise ParamError(
            f"embed.backend is openvino, which runs BERT models alone, not {name}; "
            "set it to auto or torch"
        )
    aside(f"embed: {name} is no BERT model, so torch runs it instead of OpenVINO")
    return LibraryEncoder(model)
