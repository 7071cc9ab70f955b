"""Deletion: take the films that a reason cites out of the user's ratings, and see how far the score falls.

The fall is told beside those without as many random ratings of the same user, so that having fewer ratings explains
nothing. DeYoung et al., ERASER (ACL 2020), call the fall comprehensiveness.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from stages.contracts.probing import Probe, Probed
from stages.contracts.rows import POSITIVE, Explained, Explanation
from stages.train.fitting.candidates import chunked
from stages.train.fitting.data import TrainingData
from stages.train.fitting.rescoring import Rescores, copies_without


@dataclass(frozen=True)
class Trial:
    """One explained film, the item rows it cites, and the draws of as many others, of any and of liked ones."""

    user_id: str
    user: int
    item_id: str
    item: int
    cited: np.ndarray
    others: tuple[np.ndarray, ...]

    @property
    def removals(self) -> tuple[np.ndarray, ...]:
        """What is taken out of each copy of the user, from the first nothing."""
        return (self.cited[:0], self.cited, *self.others)


@dataclass(frozen=True)
class Prober:
    """Ratings that the model was fitted on, the ids by row, the number of draws and their generator."""

    whole: TrainingData
    user_ids: Sequence[str]
    item_ids: Sequence[str]
    draws: int
    draw: np.random.Generator

    def probe(self, model: Rescores, lists: Iterable[Explanation]) -> Probe:
        """Every film of `lists` whose reason cites something."""
        asked = [
            self._trial(row.user_id, item) for row in lists for item in row.items if item.claims
        ]
        trials = [trial for trial in asked if trial]
        skipped = len(asked) - len(trials)
        return Probe(applies=True, skipped=skipped, items=tuple(self._probed(model, trials)))

    def _trial(self, user_id: str, item: Explained) -> Trial | None:
        """None where the user has too few other liked films to draw as many from."""
        user = self._user_rows[user_id]
        mine = self.whole.user == user
        rated, liked = (
            self.whole.item[mine],
            self.whole.item[mine & (self.whole.rating >= POSITIVE)],
        )
        named = {film for claim in item.claims for film in claim.cited}
        cited = np.intersect1d([self._item_rows[film] for film in named], rated)
        pools = [np.setdiff1d(pool, cited) for pool in (rated, liked)]
        if not len(cited) or len(cited) > len(pools[1]):
            return None
        others = tuple(
            self.draw.choice(pool, len(cited), replace=False)
            for pool in pools
            for _ in range(self.draws)
        )
        return Trial(user_id, user, item.item_id, self._item_rows[item.item_id], cited, others)

    def _probed(self, model: Rescores, trials: Sequence[Trial]) -> Iterator[Probed]:
        parts = (
            chunked(np.arange(len(trials)), len(trials[0].removals) * self.whole.n_items)
            if trials
            else []
        )
        for part in parts:
            yield from self._of_part(model, [trials[at] for at in part])

    def _of_part(self, model: Rescores, trials: Sequence[Trial]) -> Iterator[Probed]:
        removals = [removed for trial in trials for removed in trial.removals]
        users = [trial.user for trial in trials for _ in trial.removals]
        scores = model.rescore(copies_without(self.whole, users, removals)).astype(np.float64)
        scores = scores.reshape(len(trials), -1, self.whole.n_items)
        for trial, copies in zip(trials, scores, strict=True):
            full, *fewer = copies[:, trial.item] / (copies[0].std() or 1.0)
            evidence, *others = (round(float(full - score), 5) for score in fewer)
            random, liked = (
                round(float(np.mean(part)), 5) for part in np.split(np.array(others), 2)
            )
            ids = {"user_id": trial.user_id, "item_id": trial.item_id}
            yield Probed(
                **ids, removed=len(trial.cited), evidence=evidence, random=random, liked=liked
            )

    @cached_property
    def _user_rows(self) -> dict[str, int]:
        return {name: row for row, name in enumerate(self.user_ids)}

    @cached_property
    def _item_rows(self) -> dict[str, int]:
        return {name: row for row, name in enumerate(self.item_ids)}
