"""A model whose lists the tests of `listing` spread: of a module, so that workers can import it."""

import numpy as np
import scipy.sparse as sp

from stages.train.fitting.basis import Basis
from stages.train.fitting.data import TrainingData
from stages.train.fitting.rescoring import Copies
from stages.train.listing import Listing

N_ITEMS, MOST, WIDTH = 60, 7, 16


class Factors:
    """Products of random vectors, in two parts; who is placed has the mean of their items."""

    form = None

    def __init__(self, n_users: int) -> None:
        draw = np.random.default_rng(5)
        shapes = (n_users, WIDTH), (N_ITEMS, WIDTH)
        self.users, self.items = (draw.normal(size=shape).astype(np.float32) for shape in shapes)
        self.asked: list[int] = []

    def parts(self, users: np.ndarray) -> dict[str, np.ndarray]:
        self.asked.append(len(users))
        half = WIDTH // 2
        return {
            "first": self.users[users, :half] @ self.items[:, :half].T,
            "second": self.users[users, half:] @ self.items[:, half:].T,
        }

    def score(self, users: np.ndarray) -> np.ndarray:
        parts = self.parts(users)
        return np.asarray(parts["first"] + parts["second"])

    def place_users(self, copies: Copies) -> np.ndarray:
        return np.asarray(copies.own.matrix() @ self.items @ self.items.T)


def listing(n_users: int, placed: bool = False) -> Listing:
    """Random ratings, a tenth of all; placed: every third user is held out."""
    draw = np.random.default_rng(6)
    user, item = np.nonzero(draw.random((n_users, N_ITEMS)) < 0.1)
    data = TrainingData(user, item, draw.integers(1, 6, len(user)) * 1.0, n_users, N_ITEMS)
    held = (np.arange(n_users) % 3 == 0) & placed
    seen = sp.csr_matrix((np.ones(len(user)), (user, item)), (n_users, N_ITEMS))
    rankable = np.arange(N_ITEMS) != 4
    model, basis = Factors(n_users), Basis.without(data, held)
    return Listing(model, basis, seen, rankable, MOST)  # type: ignore[arg-type]
