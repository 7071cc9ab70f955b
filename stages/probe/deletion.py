"""Deletion: how far a score falls without the ratings of the items that its reason cites.

It is compared with the falls without as many random ratings of the same user, so that merely having
fewer ratings cannot explain it. DeYoung et al., ERASER (ACL 2020), call the fall comprehensiveness.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from stages.contracts.probing import Probe, Probed
from stages.contracts.rows import Explained, Explanation
from stages.contracts.scale import POSITIVE
from stages.train.fitting.candidates import chunked
from stages.train.fitting.data import TrainingData
from stages.train.fitting.rescoring import ScoresFromRatings, copies_without


@dataclass(frozen=True)
class DeletionTrial:
    """An explained item, the item rows that its reason cites, and as many others, drawn.

    others: draws among all rated items, then as many among the liked ones.
    """

    user_id: str
    user: int
    item_id: str
    item: int
    cited: np.ndarray
    others: tuple[np.ndarray, ...]

    @property
    def removals(self) -> tuple[np.ndarray, ...]:
        """What is removed from each copy of the user; from the first, nothing."""
        return (self.cited[:0], self.cited, *self.others)


@dataclass(frozen=True)
class Prober:
    """The ratings of the users, ids by row, and the draws with their generator.

    fitted: the ratings that the model was fitted on, if these are not all.
    """

    whole: TrainingData
    user_ids: Sequence[str]
    item_ids: Sequence[str]
    draws: int
    draw: np.random.Generator
    fitted: TrainingData | None = None

    def probe(self, model: ScoresFromRatings, lists: Iterable[Explanation]) -> Probe:
        """Probe every item of `lists` whose reason cites something."""
        explained = [
            self._trial(row.user_id, item) for row in lists for item in row.items if item.claims
        ]
        trials = [trial for trial in explained if trial]
        skipped = len(explained) - len(trials)
        return Probe(applies=True, skipped=skipped, items=tuple(self._probed(model, trials)))

    def _trial(self, user_id: str, item: Explained) -> DeletionTrial | None:
        """None if the user has too few other liked items to draw as many from."""
        user = self._user_rows[user_id]
        mine = self.whole.user == user
        rated = self.whole.item[mine]
        liked = self.whole.item[mine & (self.whole.rating >= POSITIVE)]
        named = {item_id for claim in item.claims for item_id in claim.cited}
        cited = np.intersect1d([self._item_rows[item_id] for item_id in named], rated)
        pools = [np.setdiff1d(pool, cited) for pool in (rated, liked)]
        if not len(cited) or len(cited) > len(pools[1]):
            return None
        others = tuple(
            self.draw.choice(pool, len(cited), replace=False)
            for pool in pools
            for _ in range(self.draws)
        )
        row = self._item_rows[item.item_id]
        return DeletionTrial(user_id, user, item.item_id, row, cited, others)

    def _probed(
        self, model: ScoresFromRatings, trials: Sequence[DeletionTrial]
    ) -> Iterator[Probed]:
        """Falls of the score, in standard deviations of the user's scores over all items."""
        if not trials:
            return
        cells = len(trials[0].removals) * self.whole.n_items  # scores per trial
        for part in chunked(np.arange(len(trials)), cells):
            some = [trials[at] for at in part]
            removals = [removed for trial in some for removed in trial.removals]
            users = [trial.user for trial in some for _ in trial.removals]
            copies = copies_without(self.fitted or self.whole, users, removals, self.whole)
            scores = model.score_from_ratings(copies).astype(np.float64)
            scores = scores.reshape(len(some), -1, self.whole.n_items)  # (trials, copies, items)
            for trial, of_trial in zip(some, scores, strict=True):
                full, *fewer = of_trial[:, trial.item] / (of_trial[0].std() or 1.0)
                evidence, *others = (round(float(full - score), 5) for score in fewer)
                random, liked = (
                    round(float(np.mean(half)), 5) for half in np.split(np.array(others), 2)
                )
                yield Probed(
                    user_id=trial.user_id,
                    item_id=trial.item_id,
                    removed=len(trial.cited),
                    evidence=evidence,
                    random=random,
                    liked=liked,
                )

    @cached_property
    def _user_rows(self) -> dict[str, int]:
        return {name: row for row, name in enumerate(self.user_ids)}

    @cached_property
    def _item_rows(self) -> dict[str, int]:
        return {name: row for row, name in enumerate(self.item_ids)}
