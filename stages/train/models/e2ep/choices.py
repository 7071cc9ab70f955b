"""What e2ep chooses on valid besides its epoch, and the options that it tries."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from stages.linear.inverse import DOUBLE
from stages.train.models.e2ep.parts import Linear, Span
from stages.train.models.e2ep.present import Present
from stages.train.models.e2ep.settings import Config

HELD_LESS = 3.0
"""λ is also tried divided by this."""


@dataclass(frozen=True)
class Tuned:
    """One choice of all, with the letters of stages/train/models/e2ep/score.py.

    history: κ. graph: α. linear: the linear part, with its weight β. fading: the share of a history
    over which it fades. order: γ. span: how far the sequence part looks. now: the prior's time.
    """

    history: float
    graph: float
    linear: Linear
    fading: float
    order: float
    span: Span
    now: Present

    @classmethod
    def first(cls, config: Config) -> "Tuned":
        """What is taken without validation rows."""
        sequence, now = config.sequence, config.now
        return cls(
            config.history[0],
            config.graph[0],
            config.linear,
            sequence.history[0],
            sequence.weights[0],
            sequence.spans[0],
            Present(now.shares[0], now.half_lives[0], now.ages[0]),
        )

    def arrays(self) -> dict[str, np.ndarray]:
        """What scores need of it, (1,) each, named as in stored weights."""
        numbers = {
            "history": self.history,
            "graph": self.graph,
            "weight": self.linear.weight,
            "fading": self.fading,
            "order": self.order,
            "past": self.span.past,
            "age": self.now.age,
        }
        return {name: np.array([number], dtype=np.float32) for name, number in numbers.items()}

    def restored(self, arrays: Mapping[str, np.ndarray]) -> "Tuned":
        """This choice with what `arrays` has of another."""

        def number(name: str) -> float:
            return float(arrays[name][0])

        return Tuned(
            number("history"),
            number("graph"),
            self.linear.model_copy(update={"weight": number("weight")}),
            number("fading"),
            number("order"),
            self.span.model_copy(update={"past": number("past")}),
            replace(self.now, age=number("age")),
        )


def linear_options(linear: Linear, n_items: int, known: bool) -> list[Linear]:
    """The linear part as set; without features, if any are known; and held less by λ.

    With many items the last is left out, as each option is an inversion.
    """
    options = [linear]
    if known and linear.features:
        options.append(linear.model_copy(update={"features": 0.0}))
    if n_items <= DOUBLE:
        less = {"l2": linear.l2 / HELD_LESS}
        options += [option.model_copy(update=less) for option in options]
    return options


def draws(chosen: Tuned, n_items: int) -> list[Tuned]:
    """Each μ in the place of features, if they are used; none with many items."""
    linear = chosen.linear
    if n_items > DOUBLE or not linear.features:
        return []
    options = [linear.model_copy(update={"features": 0.0, "drawn": mu}) for mu in linear.draws]
    return [replace(chosen, linear=option) for option in options]


def kappas(chosen: Tuned, config: Config) -> list[Tuned]:
    """Each κ."""
    return [replace(chosen, history=history) for history in config.history]


def alphas(chosen: Tuned, config: Config) -> list[Tuned]:
    """Each α."""
    return [replace(chosen, graph=graph) for graph in config.graph]


def betas(chosen: Tuned, config: Config) -> list[Tuned]:
    """β as set, and multiples of it."""
    start = config.linear.weight
    linear = [
        chosen.linear.model_copy(update={"weight": times * start})
        for times in (1.0, *config.linear.times)
    ]
    return [replace(chosen, linear=option) for option in linear]


def gammas(chosen: Tuned, config: Config) -> list[Tuned]:
    """Each γ."""
    return [replace(chosen, order=order) for order in config.sequence.weights]


def fadings(chosen: Tuned, config: Config) -> list[Tuned]:
    """Each share of a history over which it fades."""
    return [replace(chosen, fading=fading) for fading in config.sequence.history]


def popularities(chosen: Tuned, config: Config) -> list[Tuned]:
    """The prior with each share of what was popular lately, and each half-life."""
    now = config.now
    return [
        replace(chosen, now=replace(chosen.now, share=share, half_life=days))
        for share in now.shares
        for days in (now.half_lives if share else now.half_lives[:1])
    ]


def ages_of_items(chosen: Tuned, config: Config) -> list[Tuned]:
    """The prior with each weight of the items' age."""
    return [replace(chosen, now=replace(chosen.now, age=age)) for age in config.now.ages]
