"""Directed transitions: what other people rated next after a user's last items.

A Markov chain of order one with memory, smoothed by popularity:

    C_ij = Σ g_a·g_b·e^(−(b − a − 1)/reach)      over ratings a of i and b of j of the same user,
                                                 where b is the 1st to the `next`th after a
    T_ij = (C_ij + μ·p_j) / (Σ_j C_ij + μ)       p_j the share of j in all C
    score_uj = Σ_k g_k·e^(−k/decay)·T_(i_k)j / p_j^γ

i_k is the user's k-th last item, from 0, and g what its rating counts. With γ = 0 the popular are
favoured, with γ = 1 what comes next more often than elsewhere (Rendle et al., WWW 2010, without
factors; Garcin et al. 2013). Nothing is learned but counts.
"""

import numpy as np
import scipy.sparse as sp
from pydantic import Field

from stages.core.params import Section
from stages.train.fitting.data import TrainingData, grade
from stages.train.fitting.model import Watch
from stages.train.fitting.rescoring import Copies
from stages.train.models.sequence.histories import Histories


class Config(Section):
    """How far a user's past reaches, how far the future, and what smooths the counts."""

    last: int = Field(10, ge=1)
    """How many of the user's last items count."""

    decay: float = Field(3.0, gt=0)
    """After this many further items an item counts e times less."""

    next: int = Field(5, ge=1)
    """How many items after one are counted."""

    reach: float = Field(2.0, gt=0)
    """After this many items what comes next counts e times less."""

    damping: float = Field(5.0, gt=0)
    """μ, transitions to popular items that each item is given."""

    popularity: float = Field(0.0, ge=0, le=1)
    """γ, what a score is divided by: this power of the item's share."""

    grades: dict[int, float] = Field({5: 1.0, 4: 1.0, 3: 0.5, 2: 0.25, 1: 0.1}, min_length=2)
    """What a rating counts, linear between whole ratings."""


class Transitions:
    """Fits in one sparse count."""

    form = None

    def __init__(self, config: Config, seed: int) -> None:
        self.config = config
        self.counts = sp.csr_matrix((0, 0), dtype=np.float32)

    def fit(self, data: TrainingData, watch: Watch) -> None:
        self.read_ratings(data)
        past, grades = self.histories, self._grades(self.histories)
        user = np.repeat(np.arange(data.n_users), past.lengths)
        self.counts = sp.csr_matrix((data.n_items, data.n_items), dtype=np.float32)
        for distance in range(1, self.config.next + 1):
            before, after = slice(None, -distance), slice(distance, None)
            same = user[before] == user[after]
            weight = grades[before] * grades[after] * np.exp(-(distance - 1) / self.config.reach)
            cells = past.item[before][same], past.item[after][same]
            self.counts += sp.csr_matrix(
                (weight[same].astype(np.float32), cells), shape=self.counts.shape
            )
        self.counts.sort_indices()

    def read_ratings(self, data: TrainingData) -> None:
        self.histories = Histories.of(data, "transitions")

    def score(self, users: np.ndarray) -> np.ndarray:
        return self._scores(self.histories, users)

    def score_from_ratings(self, copies: Copies) -> np.ndarray:
        return self._scores(Histories.of(copies.own, "transitions"), np.arange(len(copies.of)))

    def weights(self) -> dict[str, np.ndarray]:
        return {name: getattr(self.counts, name) for name in ("data", "indices", "indptr")}

    def restore(self, weights: dict[str, np.ndarray]) -> None:
        n = len(weights["indptr"]) - 1
        self.counts = sp.csr_matrix(
            (weights["data"], weights["indices"], weights["indptr"]), shape=(n, n)
        )

    def _scores(self, histories: Histories, users: np.ndarray) -> np.ndarray:
        """(users, items); a user without ratings is scored by popularity."""
        config, n_items = self.config, self.counts.shape[0]
        total = np.asarray(self.counts.sum(axis=1)).ravel()  # (items,)
        share = np.asarray(self.counts.sum(axis=0)).ravel() + 1e-3
        share /= share.sum()
        places, known = histories.latest(users, config.last)  # (users, last) each
        weight = known * np.exp(-np.arange(config.last) / config.decay)
        item = histories.item[places] if len(histories.item) else places
        weight *= self._grades(histories)[places] if len(histories.item) else 0
        weight /= total[item] + config.damping
        rows = np.repeat(np.arange(len(users)), config.last)
        past = sp.csr_matrix((weight.ravel(), (rows, item.ravel())), shape=(len(users), n_items))
        scores = (past @ self.counts).toarray()  # Σ_k w_k C_(i_k)j / (Σ_j C_(i_k)j + μ)
        scores += np.outer(config.damping * weight.sum(axis=1) + 1e-9, share)
        return np.asarray(scores / share**config.popularity)

    def _grades(self, histories: Histories) -> np.ndarray:
        return grade(histories.rating, self.config.grades)


MODEL = Transitions
