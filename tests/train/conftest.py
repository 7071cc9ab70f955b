"""A graph of seven users and nine items, with a user and an item that nobody rated."""

import numpy as np
import pytest
import scipy.sparse as sp
import torch

from stages.train.fitting.data import TrainingData
from stages.train.fitting.facts import Facts

N_USERS, N_ITEMS, WIDTH = 7, 9, 12


@pytest.fixture(autouse=True, scope="session")
def _one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture
def tiny() -> TrainingData:
    """User 6 and item 8 have no rating, user 4 no traits; rows are int32 as in the artifacts."""
    draw = np.random.default_rng(3)
    pairs = np.argwhere(draw.random((N_USERS - 1, N_ITEMS - 1)) < 0.5).astype(np.int32)
    user_text, item_text = (
        draw.normal(size=(n, WIDTH)).astype(np.float32) for n in (N_USERS, N_ITEMS)
    )
    rating = draw.integers(1, 6, len(pairs)).astype(np.float32)
    genres = (draw.random((N_ITEMS, 3)) < 0.5).astype(np.float32)
    year = np.append(draw.integers(1930, 2000, N_ITEMS - 1), np.nan).astype(np.float32)
    people, themes = (
        sp.csr_matrix((draw.random((N_ITEMS, n)) < 0.4).astype(np.float32)) for n in (4, 5)
    )
    traits = draw.random((N_USERS, 3)).astype(np.float32) * (np.arange(N_USERS) != 4)[:, None]
    timestamp = draw.integers(0, 20, len(pairs))
    known = user_text, item_text, Facts(genres, year, people, themes), traits.astype(np.float32)
    return TrainingData(pairs[:, 0], pairs[:, 1], rating, N_USERS, N_ITEMS, *known, timestamp)
