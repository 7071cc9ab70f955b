"""Seconds and memory of a piece of work, and of each training step."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from machine import Clock, peak_mb

from stages.train.fitting.adam import AdamW
from stages.train.models.e2ep.loss import SoftmaxLoss
from stages.train.models.e2ep.network import Network
from stages.train.models.e2ep.settings import Config

T = TypeVar("T")


@dataclass
class Record:
    """Figures by name: a work's seconds, the processor's, and the process's peak after it."""

    figures: dict[str, Any]

    def timed(self, name: str, work: Callable[[], T]) -> T:
        """Return what `work` does."""
        with (clock := Clock()).running():
            answer = work()
        found = {"seconds": clock.seconds, "cpu_seconds": clock.cpu_seconds}
        self.figures |= {f"{name}_{kind}": round(value, 3) for kind, value in found.items()}
        self.figures["peak_mb"] = self.figures.get("peak_mb", {}) | {name: peak_mb()}
        return answer


class EnoughError(Exception):
    """All steps are done."""


class Noted(AdamW):
    """Notes when each step ends, and stops after so many."""

    def __init__(self, network: Network, settings: Config, many: int) -> None:
        super().__init__(network.parameters(), settings.learning_rate, settings.weight_decay)
        self.many, self.ends = many, [_now()]

    def step(self) -> None:
        super().step()
        self.ends.append(_now())
        if len(self.ends) > self.many:
            raise EnoughError


def stepped(network: Network, softmax: SoftmaxLoss, many: int) -> np.ndarray:
    """Seconds on the clock and of the processor, (2, steps), each since the step before.

    The epoch is left unfinished then.
    """
    optimizer = Noted(network, softmax.settings, many)
    with suppress(EnoughError):
        while True:
            softmax.epoch(network, optimizer)
    return np.diff(np.array(optimizer.ends).T)


def _now() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()
