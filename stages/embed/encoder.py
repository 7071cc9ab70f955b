"""An encoder: texts go in batches, a batch becomes features, and these become unit vectors."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from itertools import groupby
from typing import Any

import numpy as np

from stages.core.errors import ParamError


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


def reading(window: int | None, places: int) -> int | None:
    """`window`, unless the model has fewer places."""
    if window is not None and window > places:
        raise ParamError(
            f"embed.window is {window}, but the model has places for {places} word pieces; "
            "set it to at most that, or to null"
        )
    return window


def read_as(weights: str, window: int | None) -> str:
    """The key of the cache for vectors of texts cut elsewhere than the model was made for."""
    return weights if window is None else f"{weights} window {window}"


def in_batches(texts: Sequence[str], size: int) -> list[list[str]]:
    """`texts`, at most `size` together."""
    return [list(texts[at : at + size]) for at in range(0, len(texts), size)]
