"""Every ranking of every split that the run plan asks for, measured."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from stages.contracts.beyond.genres import history_shares
from stages.contracts.metrics.numbers import CurvePoint, Models
from stages.contracts.metrics.rerankings import Rerankings
from stages.contracts.plan import COMPUTED_STRATEGIES, RunPlan, weight_of
from stages.contracts.scale import POSITIVE
from stages.contracts.splits import family_of
from stages.core.log import progress
from stages.evaluate.artifacts import Artifacts, People
from stages.evaluate.params import EvaluateParams
from stages.evaluate.protocols.groups import user_groups
from stages.evaluate.protocols.measure import Split, measure
from stages.evaluate.protocols.truth import Truth, truth_of
from stages.evaluate.rankings.fitting import ALL_OR_NOTHING, GRID, Fit, fitted
from stages.evaluate.rankings.named import bounds, reranked
from stages.evaluate.rankings.pairs import Pairs
from stages.evaluate.rankings.pool import Pool
from stages.evaluate.rankings.rerankings import reranking_effect
from stages.evaluate.statistics.places import ByRanking, Place
from stages.metrics.catalogue import Catalogue


def split_truth(artifacts: Artifacts, split: str, people: People) -> Truth:
    """What a split knows about its users; a cold-items split ranks only its held-out movies."""
    train = artifacts.ratings(split, "train") + artifacts.ratings(split, "valid")
    test = artifacts.ratings(split, "test")
    cold = family_of(split) == "cold-items"
    return truth_of(train, test, len(people.user_ids), len(people.item_ids), only_held_out=cold)


def split_catalogue(artifacts: Artifacts, split: str, truth: Truth) -> Catalogue:
    """What the metrics beyond accuracy know of a split; a history is what was liked in training."""
    genres, n_users = artifacts.genres(), len(truth.trained)
    histories = None
    if genres is not None:
        rows = artifacts.ratings(split, "train") + artifacts.ratings(split, "valid")
        likes = rows.ratings >= POSITIVE
        histories = history_shares(rows.users[likes], rows.items[likes], genres, n_users)
    return Catalogue(truth.counts, n_users, artifacts.vectors(), truth.tastes, genres, histories)


@dataclass(frozen=True)
class Results:
    """Values and curve points of every ranking, and its values per user by split."""

    models: Models = field(default_factory=lambda: defaultdict(dict))
    points: list[CurvePoint] = field(default_factory=list)
    splits: dict[str, Place] = field(default_factory=dict)


@dataclass(frozen=True)
class Evaluation:
    """One run of the stage: where things are, the run plan, and how rankings are measured."""

    artifacts: Artifacts
    people: People
    plan: RunPlan
    params: EvaluateParams

    @property
    def n_users(self) -> int:
        """Users of the data set."""
        return len(self.people.user_ids)

    def split(self, name: str) -> Split:
        """A split as the metrics see it, under the name of its numbers."""
        truth = split_truth(self.artifacts, name, self.people)
        catalogue = split_catalogue(self.artifacts, name, truth)
        groups = user_groups(name, truth, self.people, self.params.groups)
        return Split(self.plan.place_of(name), truth, catalogue, groups)

    def results(self) -> Results:
        """Every ranking on every split."""
        results = Results()
        for name in progress(self.plan.every_split, "evaluate"):
            split = self.split(name)
            place, truth = split.name, split.truth
            values = defaultdict[str, ByRanking](dict)
            for ranking_name, ranking in self._rankings(name, truth):
                measured = measure(ranking_name, ranking, split, self.params)
                results.models[ranking_name][place] = measured.protocols
                results.points.extend(measured.curves)
                for metric, users in measured.users.items():
                    values[metric][ranking_name] = users
            results.splits[place] = Place(place, dict(values), truth.trained)
        return results

    def _rankings(self, split: str, truth: Truth) -> Iterator[tuple[str, np.ndarray]]:
        """Name → ranking: each model, and what was made from it if it is a base."""
        plan, bases = self.plan, self.plan.bases_on(split)
        for model in plan.models_on(split):
            ranking = self.artifacts.candidates(split, model, self.n_users)
            yield model, ranking
            if model in bases:
                pools, fits = self._pools(split, model), self.fits[split][model]
                yield from reranked(model, ranking, pools, plan.fusion_weight, fits)
                yield from bounds(model, ranking, pools, truth.liked, plan.seed, split)

    def rerankings(self) -> Rerankings:
        """Split → base → strategy → how it moves the base; no test row is involved."""
        return {
            split: {
                base: {
                    name: reranking_effect(
                        pool,
                        weight_of(name, self.plan.fusion_weight),
                        self.fits[split][base].get(name),
                        self.artifacts.judgements(split, base, name),
                        name in COMPUTED_STRATEGIES,
                    )
                    for name, pool in self._pools(split, base).items()
                }
                for base in self.plan.bases
            }
            for split in self.plan.reranked
        }

    def _pools(self, split: str, base: str) -> dict[str, Pool]:
        return {
            name: self.artifacts.pool(split, base, name, self.n_users)
            for name in self.plan.judges_on(split)
        }

    @cached_property
    def fits(self) -> dict[str, dict[str, dict[str, Fit]]]:
        """Split → base → strategy → the weight fitted on validation.

        Of strategies that ask a judge, only with `rerank.fit_weight`. Nothing is fitted on rows
        that published profiles have seen.
        """
        return {
            split: {base: self._fitted(split, base) for base in self.plan.bases}
            for split in self.plan.reranked
        }

    def _fitted(self, split: str, base: str) -> dict[str, Fit]:
        if self.plan.published_users:
            return {}
        rows = self.artifacts.ratings(split, "valid")
        likes = rows.ratings >= POSITIVE
        liked = Pairs.of(rows.users[likes], rows.items[likes], len(self.people.item_ids))
        ranking = self.artifacts.candidates(split, base, self.n_users, "valid")
        fits = {}
        for name in self.plan.judges_on(split):
            computed = name in COMPUTED_STRATEGIES
            if computed or self.plan.fit_weight:
                pool = self.artifacts.pool(split, base, name, self.n_users, "valid")
                fits[name] = fitted(ranking, pool, liked, ALL_OR_NOTHING if computed else GRID)
        return fits
