"""The bundled all-MiniLM-L6-v2 without sentence-transformers, which takes 3 s to import."""

from functools import cached_property
from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np

from stages.embed.encoder import Encoder, read_as, reading
from stages.embed.weights import SHA256, bundled_folder, verified

if TYPE_CHECKING:
    from stages.embed.bert import Bert


MADE_FOR, PLACES = 256, 512
"""Word pieces that it was trained to read, and that it has places for."""


class MiniLm(Encoder):
    """Torch in single precision; equal to sentence-transformers to six decimals.

    Torch and the weights are loaded when the first vector is asked for.
    """

    backend = "torch"

    def __init__(self, device: str = "cpu", window: int | None = None) -> None:
        from tokenizers import Tokenizer

        self.window = reading(window, PLACES) or MADE_FOR
        self.folder = verified(bundled_folder())
        self.weights, self.device = read_as(f"{SHA256} torch {version('torch')}", window), device
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
