"""Which backend runs the embedding model: on the CPU OpenVINO if it is installed, else torch."""

from importlib.util import find_spec

from stages.core.errors import MissingError, ParamError
from stages.core.log import aside
from stages.core.threads import cores
from stages.embed.encoder import Encoder, read_as
from stages.embed.library import LibraryEncoder
from stages.embed.minilm import MiniLm
from stages.embed.params import Backend
from stages.embed.weights import SHA256, load_model

INSTALL = 'pip install -e ".[fast]" -c constraints.txt'


def load_encoder(
    name: str, backend: Backend, device: str = "cpu", window: int | None = None
) -> Encoder:
    """The model `name`; `auto` uses OpenVINO on the CPU, if it is installed and runs the model.

    window: word pieces that it reads of a text, if not as many as it was made for.
    """
    if backend == "openvino" and device != "cpu":
        raise ParamError(
            f"embed.backend is openvino, which runs on the CPU alone, not on {device}; "
            "set embed.backend to auto, or embed.device to cpu"
        )
    installed = find_spec("openvino") is not None
    if backend == "openvino" and not installed:
        raise MissingError(
            "embed.backend is openvino, which is not installed; "
            f"run `{INSTALL}`, or set it to torch"
        )
    if backend == "torch" or device != "cpu" or not installed:
        if name == "bundled":
            return MiniLm(device, window)
        return LibraryEncoder(load_model(name, device, window), device)
    from stages.embed.fast import OpenVino, can_run

    model = load_model(name, window=window)
    if can_run(model):
        return OpenVino(model, cores(), read_as(SHA256, window) if name == "bundled" else None)
    if backend == "openvino":
        raise ParamError(
            f"embed.backend is openvino, which runs BERT models alone, not {name}; "
            "set it to auto or torch"
        )
    aside(f"embed: {name} is no BERT model, so torch runs it instead of OpenVINO")
    return LibraryEncoder(model)
