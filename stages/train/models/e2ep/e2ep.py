"""e2ep: graph attention over users and items, seeded by profiles, on top of what is popular.

The score (stages/train/models/e2ep/score.py) is a prior (popularity by age and gender) plus the
user's own taste, which counts for more the more ratings they have: vectors of a graph attention
network (stages/train/models/e2ep/network.py), trained by a softmax over the whole catalogue
(stages/train/models/e2ep/loss.py), and a linear part in closed form
(stages/train/models/e2ep/linear.py). What depends on the data is chosen on valid: how many ratings
make the user's own taste count for half, and the linear part's shape and weight.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch

from stages.contracts.fits import Growth
from stages.core.log import progress
from stages.core.seeds import derived_seed
from stages.train.fitting.data import TrainingData
from stages.train.fitting.model import ScoreFunction, Validate, Watch
from stages.train.fitting.rescoring import Copies
from stages.train.linear.kept import Weights, as_arrays, from_arrays, kept_columns
from stages.train.models.e2ep.arrivals import arrivals, not_arrived
from stages.train.models.e2ep.choices import (
    age_options,
    first_or_better,
    linear_options,
    popularity_options,
    weight_options,
)
from stages.train.models.e2ep.features import item_features
from stages.train.models.e2ep.linear import linear_part
from stages.train.models.e2ep.loss import SoftmaxLoss
from stages.train.models.e2ep.network import Graph, Network
from stages.train.models.e2ep.present import Present, base_now
from stages.train.models.e2ep.prior import prior_of
from stages.train.models.e2ep.score import Learned, taste
from stages.train.models.e2ep.sequence import sequence_part
from stages.train.models.e2ep.settings import Config, Linear, Span
from stages.train.models.e2ep.settings import Sequence as SequenceSettings

ROUNDS = 2
"""Of choices on valid after training."""
SIDES = {"refined": 1, "items": 1, "users": 1, "layers": 2, "target": 1, "source": 1, "edge": 1}
"""The axis along which the members' arrays are concatenated."""


class E2ep:
    """The project's own model."""

    def __init__(self, config: Config, seed: int) -> None:
        self.config, self.seed = config, seed
        self.form = config.form if config.text or config.user_text else None
        self.history, self.linear = config.history[0], config.linear
        self.fading, self.order = config.sequence.history[0], config.sequence.weights[0]
        self.span = config.sequence.spans[0]
        self.now = Present(config.now.shares[0], config.now.half_lives[0], config.now.ages[0])
        # The linear part is a matrix in float32 beside the sequence part's, at most in float64 and
        # then in float32.
        self.growth = Growth(
            time="cells",
            pair_bytes=16 if config.linear.weight else 0,
            most_items=config.linear.most_items,
        )
        self.data: TrainingData | None = None
        self.learned: dict[str, np.ndarray] = {}

    def fit(self, data: TrainingData, watch: Watch) -> None:
        config = self.config
        torch.manual_seed(derived_seed(self.seed, "e2ep"))
        watch.patience = config.patience
        self.read_ratings(data)
        # In closed form: the prior and the linear part
        features = item_features(data, config.text, config.components)  # (items, columns)
        prior = prior_of(data, features)
        linear = self.fit_linear(data, features, watch.validate)
        sequence = self.fit_sequence(data, linear, watch.validate)
        self.learned = {
            "base": prior.base,
            "lift": prior.lift,
            **as_arrays("linear", linear),
            **as_arrays("sequence", sequence),
            "present": base_now(data, prior.base, self.now),
            "arrived": arrivals(data).astype(np.float64),
        }
        # By gradients: networks that differ only by their random draws
        graph = Graph(data, config.grades)
        text = (
            torch.from_numpy(data.user_text)
            if config.user_text and data.user_text is not None
            else None
        )
        loss = SoftmaxLoss(config, graph, prior, data)
        networks = [
            Network(config, graph, torch.from_numpy(features), text) for _ in range(config.members)
        ]
        optimizers = [
            torch.optim.AdamW(
                network.parameters(), lr=config.learning_rate, weight_decay=config.weight_decay
            )
            for network in networks
        ]
        last = watch.last_epoch or config.epochs
        for epoch in progress(range(1, last + 1), "e2ep: epochs"):
            losses = [loss.epoch(*member) for member in zip(networks, optimizers, strict=True)]
            if epoch % config.every and epoch != last:
                continue
            self.learned = self.learned | joined(networks)
            if not watch.should_continue(epoch, sum(losses) / len(losses), self):
                return

    def fit_linear(
        self, data: TrainingData, features: np.ndarray, validate: Validate | None
    ) -> Weights:
        """The linear part (items, items), chosen on valid if there is one, else as adopted."""
        if validate is None or not self.linear.weight:
            return linear_part(data, features, self.linear)
        options = linear_options(self.linear, data.n_items, features.shape[1] > 0)
        parts = ((option, linear_part(data, features, option)) for option in options)
        self.linear, weights = first_or_better(
            parts, lambda part: validate(self.linear_alone(*part))
        )
        return weights

    def linear_alone(self, linear: Linear, weights: Weights) -> ScoreFunction:
        """The scores of a linear part before there is anything else."""
        self.linear = linear
        return self.taste_alone(weights, np.zeros((0, 0), dtype=np.float32), 0.0, 0.0)

    def fit_sequence(
        self, data: TrainingData, linear: Weights, validate: Validate | None
    ) -> Weights:
        """The sequence part (items, items), chosen on valid with its weight and the fading."""
        settings = self.config.sequence
        nothing = np.zeros((0, 0), dtype=np.float32)
        if not linear.shape[0] or data.nth is None:
            return nothing
        if validate is None:
            return self.sequence_over(data, self.span) if self.order else nothing
        self.fading = first_or_better(
            settings.history,
            lambda fading: validate(self.taste_alone(linear, nothing, fading, 0.0)),
        )
        if not any(settings.weights):
            return nothing
        parts = ((span, self.sequence_over(data, span)) for span in settings.spans)
        options = ((span, part, order) for span, part in parts for order in settings.weights)

        def judged(option: tuple[Span, Weights, float]) -> np.ndarray:
            self.span, part, order = option
            return validate(self.taste_alone(linear, part, self.fading, order))

        self.span, sequence, self.order = first_or_better(options, judged)
        return sequence

    def sequence_over(self, data: TrainingData, span: Span) -> Weights:
        return sequence_part(data, span, self.linear.most_items)

    def taste_alone(
        self, linear: Weights, sequence: Weights, fading: float, order: float
    ) -> ScoreFunction:
        """The scores of the parts in closed form, before there is anything else."""
        assert self.data is not None
        self.fading, self.order = fading, order
        self.learned = as_arrays("linear", linear) | as_arrays("sequence", sequence)
        data = self.data
        return lambda users: self.closed_form(data.of_users(users))

    def closed_form(self, own: TrainingData) -> np.ndarray:
        """The linear and the sequence part for these users' ratings, (users, items)."""
        linear, sequence = (
            from_arrays(self.learned[name], self.learned[kept_columns(name)], own.n_items)
            for name in ("linear", "sequence")
        )
        return taste(own, linear, sequence, self.fading, self.order, self.span.past, self.config)

    def read_ratings(self, data: TrainingData) -> None:
        self.data = data

    def score(self, users: np.ndarray) -> np.ndarray:
        assert self.data is not None
        learned, own = Learned.of(self.weights()), self.data.of_users(users)
        scores = learned.scores(self.learned["refined"][users], own, self.config)
        if self.config.later:
            scores -= np.float32(self.config.later) * not_arrived(self.data, users)
        return scores

    def parts(self, users: np.ndarray) -> dict[str, np.ndarray]:
        """The graph's, the linear part's and the prior's say, before any weight."""
        assert self.data is not None
        learned, own = Learned.of(self.weights()), self.data.of_users(users)
        return learned.parts(self.learned["refined"][users], own, self.config)

    def tune(self, validate: Validate) -> None:
        """Choose κ and what the parts count on valid, one after another, for this fit and the next.

        What is chosen later may change the best of what came before, so there are two rounds.
        """
        self.tune_history(validate)
        for _ in range(ROUNDS):
            before = self.chosen
            if len(self.learned["linear"]):
                betas = weight_options(self.linear, self.config.linear.weight)
                self.choose("linear", betas, validate)
            if len(self.learned["sequence"]):
                self.choose("order", self.sequence.weights, validate)
            if len(self.learned["linear"]) and self.ordered:
                self.choose("fading", self.sequence.history, validate)
            if self.timed:
                self.choose("now", popularity_options(self.now, self.config.now), validate)
                self.choose("now", age_options(self.now, self.config.now), validate)
            if self.chosen == before:
                return
            self.tune_history(validate)

    def choose(self, name: str, options: Sequence[Any], validate: Validate) -> None:
        """Set an attribute to the first of its options, or to a clearly better one."""
        chosen = first_or_better(options, lambda option: validate(self.trying(name, option)))
        self.trying(name, chosen)

    def trying(self, name: str, option: Any) -> ScoreFunction:
        """The scores with this option of an attribute."""
        assert self.data is not None
        setattr(self, name, option)
        self.learned["present"] = base_now(self.data, self.learned["base"], self.now)
        return self.score

    def tune_history(self, validate: Validate) -> None:
        ndcgs = []
        for history in self.config.history:
            self.history = history
            ndcgs.append(np.mean(validate(self.score)))
        self.history = self.config.history[ndcgs.index(max(ndcgs))]

    @property
    def chosen(self) -> tuple[Linear, float, float, Present]:
        """What `tune` chooses besides κ."""
        return self.linear, self.order, self.fading, self.now

    @property
    def sequence(self) -> SequenceSettings:
        """The settings of the sequence part."""
        return self.config.sequence

    @property
    def ordered(self) -> bool:
        """Whether the order of each user's ratings is known."""
        return self.data is not None and self.data.nth is not None

    @property
    def timed(self) -> bool:
        """Whether times are known."""
        return self.data is not None and self.data.timestamp is not None

    def adopt(self, other: "E2ep") -> None:
        """Adopt what another fit's `tune` has chosen."""
        self.history, self.linear, self.now = other.history, other.linear, other.now
        self.fading, self.order, self.span = other.fading, other.order, other.span

    def score_from_ratings(self, copies: Copies) -> np.ndarray:
        """Scores as of now: the penalty `later` does not depend on the copies' ratings."""
        own = copies.own
        if "items" not in self.learned:  # while the parts in closed form are chosen
            return self.closed_form(own)
        learned = Learned.of(self.weights())
        vectors = learned.place(own, learned.users[copies.of], self.config.grades)
        return learned.scores(vectors, own, self.config)

    def weights(self) -> dict[str, np.ndarray]:
        chosen = {
            "history": self.history,
            "weight": self.linear.weight,
            "fading": self.fading,
            "order": self.order,
            "age": self.now.age,
            "past": self.span.past,
        }
        arrays = {name: np.array([value], dtype=np.float32) for name, value in chosen.items()}
        return self.learned | arrays

    def restore(self, weights: dict[str, np.ndarray]) -> None:
        self.learned = dict(weights)
        self.history = float(weights["history"][0])
        self.linear = self.linear.model_copy(update={"weight": float(weights["weight"][0])})
        self.fading, self.order = (float(weights[name][0]) for name in ("fading", "order"))
        self.now = replace(self.now, age=float(weights["age"][0]))
        self.span = self.span.model_copy(update={"past": float(weights["past"][0])})


def joined(networks: Sequence[Network]) -> dict[str, np.ndarray]:
    """Arrays of all members in one, as stages/train/models/e2ep/score.py takes them."""
    members = [network.learned() for network in networks]
    arrays = {
        name: torch.cat([member[name] for member in members], dim) for name, dim in SIDES.items()
    }
    # A product of concatenated vectors is the sum of the members' cosines; so it is their mean.
    for name in ("refined", "items"):
        arrays[name] /= len(members) ** 0.5
    arrays["bias"] = torch.stack([member["bias"] for member in members]).mean(0)
    return {name: tensor.numpy() for name, tensor in arrays.items()} | {
        "members": np.array([len(members)])
    }


MODEL = E2ep
