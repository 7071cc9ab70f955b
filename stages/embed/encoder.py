"""An encoder: texts go in batches, a batch becomes features, and these become unit vectors."""

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np


class Encoder:
    """A sentence-transformers model as it is: torch in single precision."""

    backend = "torch"

    def __init__(self, model: Any) -> None:
        self.model = model
        self.window = int(model.max_seq_length)

    def length(self, text: str) -> int:
        """Word pieces of a text, none cut."""
        return len(self.model.tokenizer(text, truncation=False, verbose=False)["input_ids"])

    def batches(self, texts: Collection[str], size: int) -> list[list[str]]:
        """All texts, at most `size` together, longest first, so that a batch pads little."""
        return in_batches(sorted(texts, key=lambda text: (-len(text), text)), size)

    def features(self, texts: list[str]) -> dict[str, Any]:
        """What `vectors` reads."""
        return self.model.preprocess(texts)

    def vectors(self, features: dict[str, Any]) -> np.ndarray:
        """Unit vectors (texts, dimensions) of a batch; safe in threads."""
        import torch

        with torch.inference_mode():
            embedding = self.model.forward(features)["sentence_embedding"]
            return np.asarray(torch.nn.functional.normalize(embedding, dim=1))


def in_batches(texts: Sequence[str], size: int) -> list[list[str]]:
    """`texts`, at most `size` together."""
    return [list(texts[at : at + size]) for at in range(0, len(texts), size)]
