"""Every ranking of every split that params.yaml asks for, measured."""

import itertools
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from stages.contracts.grounding import words_of_films
from stages.contracts.plan import RunPlan
from stages.contracts.rows import POSITIVE
from stages.core.log import progress
from stages.evaluate.artifacts import COMPARE, Artifacts, People
from stages.evaluate.explanations.claims import Known
from stages.evaluate.explanations.deletion import deletion_values
from stages.evaluate.explanations.shares import shares
from stages.evaluate.explanations.titles import Titles
from stages.evaluate.output.calls import Told, calls_of
from stages.evaluate.output.summary import Models
from stages.evaluate.params import EvaluateParams
from stages.evaluate.protocols.groups import family_of, known_groups, user_groups
from stages.evaluate.protocols.measure import COMPARED, Measured, Point, Split, measure
from stages.evaluate.protocols.truth import Truth, truth_of
from stages.evaluate.rankings.fitting import Fit, fitted
from stages.evaluate.rankings.named import bounds, reranked
from stages.evaluate.rankings.pairs import Pairs
from stages.evaluate.rankings.pool import Pool
from stages.evaluate.rankings.rerankings import Compared, compared
from stages.evaluate.statistics.contrasts import contrasts
from stages.evaluate.statistics.intervals import intervals
from stages.evaluate.statistics.places import ByRanking, Place, by_history, with_families
from stages.evaluate.statistics.resampling import Resampling
from stages.metrics.catalogue import Catalogue


def split_truth(artifacts: Artifacts, split: str, people: People) -> Truth:
    """What a split knows of its users; in a cold-items split its held-out movies alone are ranked."""
    read = artifacts.ratings
    train, test = read(split, "train") + read(split, "valid"), read(split, "test")
    return truth_of(
        train, test, len(people.user_ids), len(people.item_ids), family_of(split) == "cold-items"
    )


@dataclass(frozen=True)
class Results:
    """Values and curve points of every ranking, and its values for each user by split."""

    models: Models
    points: list[tuple[str, str, Point]]
    splits: dict[str, Place]


@dataclass(frozen=True)
class Evaluation:
    """One run of the stage: where things lie, what was asked for, and how it is measured."""

    artifacts: Artifacts
    people: People
    asked: RunPlan
    params: EvaluateParams

    @property
    def n_users(self) -> int:
        """Users of the data set."""
        return len(self.people.user_ids)

    def results(self) -> Results:
        """Every ranking on every split."""
        found = Results(defaultdict(dict), [], {})
        vectors = self.artifacts.vectors()
        for name in progress(self.asked.every_split, "evaluate"):
            split, values = self._split(name, vectors), defaultdict[str, ByRanking](dict)
            for model, measured in self._measured(split):
                found.models[model][name] = measured.protocols
                found.points.extend((model, name, point) for point in measured.curves)
                for metric, users in measured.users.items():
                    values[metric][model] = users
            found.splits[name] = Place(name, dict(values), split.truth.trained)
        return found

    def _split(self, name: str, vectors: np.ndarray | None) -> Split:
        truth = split_truth(self.artifacts, name, self.people)
        groups = user_groups(name, truth, self.people, self.params.groups)
        return Split(
            name, truth, Catalogue(truth.counts, self.n_users, vectors, truth.tastes), groups
        )

    def _measured(self, split: Split) -> Iterator[tuple[str, Measured]]:
        for name, ranking in self._rankings(split):
            yield name, measure(ranking, split, self.params)

    def _rankings(self, split: Split) -> Iterator[tuple[str, np.ndarray]]:
        bases = self.asked.bases_on(split.name)
        for model in self.asked.models_on(split.name):
            ranking = self.artifacts.candidates(split.name, model, self.n_users)
            yield model, ranking
            if model in bases:
                pools = self._pools(split.name, model)
                fits = self.fits[split.name][model]
                yield from reranked(model, ranking, pools, self.asked.fusion_weight, fits)
                yield from bounds(
                    model, ranking, pools, split.truth.liked, self.asked.seed, split.name
                )

    def _pools(self, split: str, base: str) -> dict[str, Pool]:
        return {
            name: self.artifacts.pool(split, base, name, self.n_users) for name in self.asked.judges
        }

    @cached_property
    def fits(self) -> dict[str, dict[str, dict[str, Fit]]]:
        """Split → base → strategy → the weight fitted on validation; no strategy unless `rerank.fit_weight`."""
        return {
            split: {base: self._fitted(split, base) for base in self.asked.bases}
            for split in self.asked.splits
        }

    def _fitted(self, split: str, base: str) -> dict[str, Fit]:
        if not self.asked.fit_weight:
            return {}
        read, rows = self.artifacts, self.artifacts.ratings(split, "valid")
        likes = rows.ratings >= POSITIVE
        liked = Pairs.of(rows.users[likes], rows.items[likes], len(self.people.item_ids))
        ranking = read.candidates(split, base, self.n_users, "valid")
        pools = {
            name: read.pool(split, base, name, self.n_users, "valid") for name in self.asked.judges
        }
        return {name: fitted(ranking, pool, liked) for name, pool in pools.items()}

    def compared(self, results: Results) -> dict[str, dict[str, Any]]:
        """intervals.json and groups.json."""
        places, resampling = with_families(results.splits), self._resampling
        first = f"{COMPARED[0]}@{self.params.k[0]}"
        tested = [*places, *by_history(places, self.params.groups)]
        return {
            "intervals": intervals(tested, self.params.proposed, resampling),
            "groups": contrasts(places, known_groups(self.people), first, resampling),
        }

    @property
    def _resampling(self) -> Resampling:
        return Resampling(self.params.resamples, self.asked.seed)

    def rerankings(self) -> dict[str, dict[str, dict[str, Compared]]]:
        """Split → base → strategy → how it moves the base."""
        return {
            split: {base: self._compared(split, base) for base in self.asked.bases}
            for split in self.asked.splits
        }

    def _compared(self, split: str, base: str) -> dict[str, Compared]:
        fits, weight = self.fits[split][base], self.asked.fusion_weight
        return {
            name: compared(
                pool, weight, fits.get(name), self.artifacts.judgements(split, base, name)
            )
            for name, pool in self._pools(split, base).items()
        }

    def explanations(self) -> dict[str, dict[str, dict[str, object]]]:
        """Split → base → strategy → what can be checked in its explanations."""
        found: dict[str, dict[str, dict[str, object]]] = {}
        for split in self.asked.splits:
            known = self._known(split)
            found[split] = {base: self._explained(split, base, known) for base in self.asked.bases}
        return found

    def _explained(self, split: str, base: str, known: Known) -> dict[str, object]:
        read = self.artifacts
        return {
            name: shares(
                read.explanations(split, base, name), read.reasons(split, base, name), known
            ).values()
            | deletion_values(
                read.probe(split, base, name), self._resampling, f"{split} {base} {name}"
            )
            | self._preferred(split, base, name)
            for name in self.asked.explained
        }

    def _preferred(self, split: str, base: str, strategy: str) -> dict[str, object]:
        """The other strategy → what a judge said; nothing where the strategy is the first of no pair."""
        pairs = [pair for pair in self.asked.compared if pair.startswith(f"{strategy}-")]
        found = {
            pair.partition("-")[2]: self.artifacts.compared(split, base, pair) for pair in pairs
        }
        return {"compared": found} if found else {}

    def _known(self, split: str) -> Known:
        users = {user.user_id: user for user in self.artifacts.user_profiles(split)}
        words = words_of_films(self.artifacts.item_profiles())
        train, test = (self._rated(split, part) for part in ("train", "test"))
        return Known(words, users, train, test, Titles(self.artifacts.titles()))

    def _rated(self, split: str, part: str) -> dict[str, dict[str, float]]:
        rows, ids = self.artifacts.ratings(split, part), self.people
        rated: dict[str, dict[str, float]] = defaultdict(dict)
        columns = (column.tolist() for column in (rows.users, rows.items, rows.ratings))
        for user, item, rating in zip(*columns, strict=True):
            rated[ids.user_ids[user]][ids.item_ids[item]] = rating
        return rated

    def calls(self) -> dict[str, Told]:
        """Step → what it asked, over all splits and bases; the steps that asked nothing are left out."""
        read, splits, bases = self.artifacts.asked, self.asked.splits, self.asked.bases
        every = self.asked.every_split
        steps = {"profile-items": [read("profile/items.asked")]}
        steps["profile-users"] = [read(f"profile/{split}/users.asked") for split in every]
        for strategy in self.asked.strategies:
            places = itertools.product(splits, bases)
            steps[f"rerank-{strategy}"] = [
                read(f"rerank/{split}/{base}/{strategy}/asked") for split, base in places
            ]
        for pair in self.asked.compared:
            places = itertools.product(splits, bases)
            steps[f"compare-{pair}"] = [
                read(f"{COMPARE}/{split}/{base}/{pair}/asked") for split, base in places
            ]
        return {step: told for step, asked in steps.items() if (told := calls_of(asked))}
