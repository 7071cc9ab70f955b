"""The bundled all-MiniLM-L6-v2 without sentence-transformers, which takes 3 s to import."""

from functools import cached_property
from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np

from stages.embed.encoder import Encoder
from stages.embed.weights import SHA256, bundled_folder, verified

if TYPE_CHECKING:
    from stages.embed.bert import Bert


class MiniLm(Encoder):
    """Torch in single precision; equal to sentence-transformers to six decimals.

    Torch and the weights are loaded when the first vector is asked for.
    """

    backend = "torch"
    window = 256

    def __init__(self, device: str = "cpu") -> None:
        from tokenizers import Tokenizer

        self.folder = verified(bundled_folder())
        self.weights, self.device = f"{SHA256} torch {version('torch')}", device
        if device != "cpu":
            self.weights += f" {device}"
        self.tokenizer = Tokenizer.from_file(str(self.folder / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()

    def length(self, text: str) -> int:
        return len(self.tokenizer.encode(text).ids)

    def features(self, texts: list[str]) -> list[list[int]]:
        """Word pieces of each text; a long one is cut before its closing one."""
        pieces = [encoded.ids for encoded in self.tokenizer.encode_batch(texts)]
        return [
            ids[: self.window - 1] + ids[-1:] if len(ids) > self.window else ids for ids in pieces
        ]

    def vectors(self, features: list[list[int]]) -> np.ndarray:
        return self.network.vectors(features)

    @cached_property
    def network(self) -> "Bert":
        from stages.embed.bert import Bert

        return Bert(self.folder / "model.safetensors", self.device)
