"""e2ep: graph attention over users and items, seeded by profiles, on top of what is popular.

The score (stages/train/models/e2ep/score.py) is a prior (popularity by age and gender) plus the
user's own taste, which counts for more the more ratings they have: vectors of a graph attention
network (stages/train/models/e2ep/network.py), trained by a softmax over the whole catalogue
(stages/train/models/e2ep/loss.py), and a linear and a sequence part in closed form
(stages/train/models/e2ep/linear.py and sequence.py there). What depends on the data is chosen on
valid (stages/train/models/e2ep/choices.py).
"""

from collections.abc import Generator
from contextlib import closing
from dataclasses import replace
from itertools import chain

import numpy as np
import torch

from stages.contracts.fits import Growth
from stages.core.log import progress
from stages.core.seeds import derived_seed
from stages.core.spread import graph_workers
from stages.linear.kept import Weights, as_arrays, from_arrays, kept_columns
from stages.metrics.preference import first_or_better
from stages.train.fitting.data import TrainingData
from stages.train.fitting.model import ScoreFunction, Validate, Watch
from stages.train.fitting.rescoring import Copies
from stages.train.models.e2ep.arrivals import arrivals, not_arrived
from stages.train.models.e2ep.choices import (
    Tuned,
    ages_of_items,
    alphas,
    betas,
    draws,
    fadings,
    gammas,
    kappas,
    linear_options,
    popularities,
)
from stages.train.models.e2ep.features import item_features
from stages.train.models.e2ep.linear import linear_part
from stages.train.models.e2ep.present import base_now
from stages.train.models.e2ep.prior import Prior, prior_of
from stages.train.models.e2ep.score import Learned, taste, taste_parts
from stages.train.models.e2ep.sequence import sequence_part
from stages.train.models.e2ep.settings import Config
from stages.train.models.e2ep.training import Look, Training

ROUNDS = 2
"""Of choices on valid after training."""
NOTHING = np.zeros((0, 0), dtype=np.float32)
"""No linear or sequence part."""


class E2ep:
    """The project's own model."""

    def __init__(self, config: Config, seed: int) -> None:
        self.config, self.seed = config, seed
        self.form = config.form if config.text or config.user_text else None
        self.chosen = Tuned.first(config)
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
            "present": base_now(data, prior.base, self.chosen.now),
            "arrived": arrivals(data).astype(np.float64),
        }
        # By gradients: networks that differ only by their random draws
        last = watch.last_epoch or config.epochs
        with closing(self.looks(data, features, prior, last)) as looks:
            for look in looks:
                self.learned = self.learned | look.learned
                if not watch.should_continue(look.epoch, look.loss, self):
                    return

    def looks(
        self, data: TrainingData, features: np.ndarray, prior: Prior, last: int
    ) -> Generator[Look, None, None]:
        """What the networks learn, every few epochs: in this process or on a cluster's workers."""
        if (workers := graph_workers()) == 1:
            yield from Training(self.config, data, features, prior).looks(last)
            return
        from stages.train.models.e2ep.division.workers import SharedTraining, looks_of_workers

        arrived, threads = arrivals(data), torch.get_num_threads()
        task = SharedTraining(
            self.config, features, prior, arrived, self.seed, last, workers, threads
        )
        yield from progress(looks_of_workers(task, data), f"e2ep: looks at {workers} workers")

    def fit_linear(
        self, data: TrainingData, features: np.ndarray, validate: Validate | None
    ) -> Weights:
        """The linear part (items, items), chosen on valid if there is one, else as adopted."""
        chosen = self.chosen
        if validate is None or not chosen.linear.weight:
            return linear_part(data, features, chosen.linear)
        options = [
            replace(chosen, linear=linear)
            for linear in linear_options(chosen.linear, data.n_items, features.shape[1] > 0)
        ]
        parts = ((option, linear_part(data, features, option.linear)) for option in options)
        self.chosen, weights = first_or_better(
            parts, lambda part: validate(self.in_closed_form(*part, NOTHING))
        )
        return weights

    def fit_sequence(
        self, data: TrainingData, linear: Weights, validate: Validate | None
    ) -> Weights:
        """The sequence part (items, items), chosen on valid with its weight and the fading."""
        config, most_items = self.config, self.config.linear.most_items
        if not linear.shape[0] or data.nth is None:
            return NOTHING
        if validate is None:
            kept = self.chosen.order
            return sequence_part(data, self.chosen.span, most_items) if kept else NOTHING
        chosen = self.chosen = first_or_better(
            fadings(self.chosen, config),
            lambda choice: validate(self.in_closed_form(choice, linear, NOTHING)),
        )
        if not any(config.sequence.weights):
            return NOTHING
        spans = [replace(chosen, span=span) for span in config.sequence.spans]
        parts = ((choice, sequence_part(data, choice.span, most_items)) for choice in spans)
        options = ((order, part) for choice, part in parts for order in gammas(choice, config))
        self.chosen, sequence = first_or_better(
            options, lambda option: validate(self.in_closed_form(option[0], linear, option[1]))
        )
        return sequence

    def in_closed_form(self, choice: Tuned, linear: Weights, sequence: Weights) -> ScoreFunction:
        """The scores of these parts with a choice, before there is anything else."""
        assert self.data is not None
        self.chosen = choice
        self.learned = as_arrays("linear", linear) | as_arrays("sequence", sequence)
        data = self.data
        return lambda users: self.closed_form(data.of_users(users))

    def closed_form(self, own: TrainingData) -> np.ndarray:
        """The linear and the sequence part for these users' ratings, (users, items)."""
        linear, sequence = (
            from_arrays(self.learned[name], self.learned[kept_columns(name)], own.n_items)
            for name in ("linear", "sequence")
        )
        chosen, grades = self.chosen, self.config.linear.grades
        past = chosen.span.past if chosen.order else 0.0
        parts = taste_parts(own, linear, sequence, grades, chosen.fading, past)
        return taste(parts, chosen.order)

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
        """What the graph, the linear and the sequence part and the prior say, before any weight."""
        assert self.data is not None
        learned, own = Learned.of(self.weights()), self.data.of_users(users)
        return learned.parts(self.learned["refined"][users], own, self.config)

    def tune(self, validate: Validate) -> None:
        """Choose κ and what the parts count on valid, one after another, for this fit and the next.

        What is chosen later may change the best of what came before, so there are two rounds.
        """
        assert self.data is not None
        linear, sequence = len(self.learned["linear"]), len(self.learned["sequence"])
        steps = [alphas] + [betas] * bool(linear) + [gammas] * bool(sequence)
        steps += [fadings] * bool(linear and self.data.nth is not None)
        steps += [popularities, ages_of_items] * (self.data.timestamp is not None)
        self.tune_history(validate)
        self.tune_draws(validate)
        for _ in range(ROUNDS):
            before = self.chosen
            for options in steps:
                choices = options(self.chosen, self.config)
                best = first_or_better(choices, lambda choice: validate(self.with_choice(choice)))
                self.with_choice(best)
            if self.chosen == before:
                return
            self.tune_history(validate)

    def tune_draws(self, validate: Validate) -> None:
        """Choose how the linear part reads features: by the whole score, as the network reads them.

        On its own the linear part gains more by being drawn than is left beside the network.
        """
        assert self.data is not None
        data, config, first = self.data, self.config, self.chosen
        if not len(self.learned["linear"]) or not (options := draws(first, data.n_items)):
            return
        features = item_features(data, config.text, config.components)
        if not features.shape[1]:
            return
        kept = {name: self.learned[name] for name in ("linear", kept_columns("linear"))}
        made = ((one, linear_part(data, features, one.linear)) for one in options)
        parts = chain([(first, kept)], ((one, as_arrays("linear", part)) for one, part in made))

        def taken(part: tuple[Tuned, dict[str, np.ndarray]]) -> ScoreFunction:
            self.learned |= part[1]
            return self.with_choice(part[0])

        taken(first_or_better(parts, lambda part: validate(taken(part))))

    def tune_history(self, validate: Validate) -> None:
        """Choose κ: the best on average, as each is as plausible as another."""
        options = kappas(self.chosen, self.config)
        ndcgs = [float(validate(self.with_choice(choice)).mean()) for choice in options]
        self.with_choice(options[ndcgs.index(max(ndcgs))])

    def with_choice(self, choice: Tuned) -> ScoreFunction:
        """Take this choice; the scores with it."""
        assert self.data is not None
        self.chosen = choice
        self.learned["present"] = base_now(self.data, self.learned["base"], choice.now)
        return self.score

    def score_from_ratings(self, copies: Copies) -> np.ndarray:
        """Scores as of now: the penalty `later` does not depend on the copies' ratings."""
        own = copies.own
        if "items" not in self.learned:  # while the parts in closed form are chosen
            return self.closed_form(own)
        learned = Learned.of(self.weights())
        vectors = learned.place(own, learned.users[copies.of], self.config.grades)
        return learned.scores(vectors, own, self.config)

    def weights(self) -> dict[str, np.ndarray]:
        return self.learned | self.chosen.arrays()

    def restore(self, weights: dict[str, np.ndarray]) -> None:
        self.learned = dict(weights)
        self.chosen = self.chosen.restored(weights)


MODEL = E2ep
