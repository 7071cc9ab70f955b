"""Any sentence-transformers model as it is: torch in single precision."""

from collections.abc import Collection
from typing import Any

import numpy as np

from stages.embed.encoder import Encoder, in_batches


class LibraryEncoder(Encoder):
    """A SentenceTransformer."""

    backend = "torch"

    def __init__(self, model: Any, device: str = "cpu") -> None:
        self.model, self.device = model, device
        self.window = int(model.max_seq_length)

    def length(self, text: str) -> int:
        return len(self.model.tokenizer(text, truncation=False, verbose=False)["input_ids"])

    def batches(self, texts: Collection[str], size: int) -> list[list[str]]:
        """All texts, at most `size` together, longest first, so that a batch pads little."""
        return in_batches(sorted(texts, key=lambda text: (-len(text), text)), size)

    def features(self, texts: list[str]) -> dict[str, Any]:
        return self.model.preprocess(texts)

    def vectors(self, features: dict[str, Any]) -> np.ndarray:
        import torch

        with torch.inference_mode():
            placed = {
                name: given.to(self.device) if isinstance(given, torch.Tensor) else given
                for name, given in features.items()
            }
            embedding = self.model.forward(placed)["sentence_embedding"]
            return np.asarray(torch.nn.functional.normalize(embedding, dim=1).cpu())
