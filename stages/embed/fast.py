"""OpenVINO as the backend, in bfloat16 if the processor multiplies in it, else in float32."""

import sys
import threading
import warnings
from importlib.metadata import version
from typing import Any

import numpy as np
import torch

from stages.embed.encoder import Encoder
from stages.embed.library import LibraryEncoder

INPUTS = ("input_ids", "attention_mask", "token_type_ids")
EXAMPLE = ["a film", "a film of another length, so that the mask has both values"]


def can_run(model: Any) -> bool:
    """Whether the model is of the kind tested here: BERT with its usual inputs, and pooling."""
    kinds = [type(module).__name__ for module in model]
    if kinds not in (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"]):
        return False
    return model[0].auto_model.config.model_type == "bert" and set(model.preprocess(EXAMPLE)) - {
        "modality"
    } == set(INPUTS)


class OpenVino(LibraryEncoder):
    """The same model, compiled for this processor."""

    def __init__(self, model: Any, threads: int, digest: str | None) -> None:
        """digest: the hash of the weights, if it is known."""
        super().__init__(model)
        self.compiled = _compiled(model, threads)
        precision = self.compiled.get_property("INFERENCE_PRECISION_HINT").to_string()
        self.backend = f"openvino {precision}"
        self.weights = digest and f"{digest} {self.backend} {version('openvino')}"
        self.own = threading.local()

    batches = Encoder.batches

    def vectors(self, features: dict[str, Any]) -> np.ndarray:
        if not hasattr(self.own, "request"):
            self.own.request = self.compiled.create_infer_request()
        return np.array(self.own.request.infer([features[name].numpy() for name in INPUTS])[0])


class _UnitVectors(torch.nn.Module):
    """From a batch's word pieces to its unit vectors."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model

    def forward(self, *features: torch.Tensor) -> torch.Tensor:
        embedding = self.model.forward(dict(zip(INPUTS, features, strict=True)))[
            "sentence_embedding"
        ]
        return torch.nn.functional.normalize(embedding, dim=1)


def _compiled(model: Any, threads: int) -> Any:
    """The traced model, which runs as many batches at once as there are threads, each on one."""
    # OpenVINO reports its import over the network, unless its telemetry package cannot be loaded.
    sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]
    import openvino
    from transformers.utils import logging

    verbosity, example = logging.get_verbosity(), model.preprocess(EXAMPLE)
    logging.set_verbosity_error()
    try:
        with warnings.catch_warnings(action="ignore"):
            traced = openvino.convert_model(
                _UnitVectors(model), example_input=tuple(example[name] for name in INPUTS)
            )
    finally:
        logging.set_verbosity(verbosity)
    settings = {
        "PERFORMANCE_HINT": "THROUGHPUT",
        "NUM_STREAMS": threads,
        "INFERENCE_NUM_THREADS": threads,
        # A pinned thread waits for its own core if another process is using it.
        "ENABLE_CPU_PINNING": False,
    }
    return openvino.Core().compile_model(traced, "CPU", settings)
