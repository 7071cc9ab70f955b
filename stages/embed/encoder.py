"""An encoder: texts go in batches, a batch becomes features, and these become unit vectors."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from itertools import groupby
from typing import Any

import numpy as np


class Encoder(ABC):
    """What every backend can do."""

    backend: str
    window: int
    """Most word pieces of a text that count."""

    weights: str | None = None
    """What makes the vectors, where nothing else does: the key of the cache; else none is kept."""

    @abstractmethod
    def length(self, text: str) -> int:
        """Word pieces of a text, none cut."""

    def batches(self, texts: Collection[str], size: int) -> list[list[str]]:
        """All texts, at most `size` together, each batch of equally many word pieces.

        Padding changes the order in which products are summed, which in bfloat16 makes a
        difference of .001. Without padding, a vector depends on its text alone.
        """
        lengths = {text: min(self.length(text), self.window) for text in texts}
        ordered = sorted(texts, key=lambda text: (-lengths[text], text))
        return [
            batch
            for _, equal in groupby(ordered, lengths.__getitem__)
            for batch in in_batches(list(equal), size)
        ]

    @abstractmethod
    def features(self, texts: list[str]) -> Any:
        """What `vectors` reads."""

    @abstractmethod
    def vectors(self, features: Any) -> np.ndarray:
        """Unit vectors (texts, dimensions) of a batch; safe in threads."""


def in_batches(texts: Sequence[str], size: int) -> list[list[str]]:
    """`texts`, at most `size` together."""
    return [list(texts[at : at + size]) for at in range(0, len(texts), size)]
