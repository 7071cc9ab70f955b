"""Made-up tables to cut, and the real MovieLens 100K where it lies beside the project."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from stages.data.dataset import Dataset, movie_frame, user_frame
from stages.data.read import read_dataset
from stages.prepare.params import PrepareParams
from stages.prepare.rows import Tables, to_tables
from stages.prepare.splits import SplitSource

ML_100K = Path(__file__).parents[3] / "shared" / "data" / "ml-100k"


def made_up(n_users: int = 40, n_items: int = 25, draw: int = 0) -> Dataset:
    """Every user rates 1 … n_items films, at times that repeat now and then."""
    random = np.random.default_rng(draw)
    users = [str(u) for u in range(1, n_users + 1) for _ in range(random.integers(1, n_items + 1))]
    seen = pd.Series(users).groupby(users, sort=False).cumcount()
    start = {user: random.permutation(n_items) for user in set(users)}
    ratings = pd.DataFrame(
        {
            "user_id": users,
            "movie_id": [str(start[user][n] + 1) for user, n in zip(users, seen, strict=True)],
            "rating": random.integers(1, 6, len(users)).astype(np.float32),
            "timestamp": random.integers(1, 60, len(users)),
        }
    )
    ids, known = [str(n) for n in range(1, n_items + 1)], sorted(set(users))
    return Dataset(
        name="made-up",
        kind="csv",
        movies=movie_frame(ids, [f"Film {n}" for n in ids], [np.nan] * n_items, [[]] * n_items),
        users=user_frame(known, [None] * len(known), [np.nan] * len(known), [None] * len(known)),
        ratings=ratings,
        scale=(1.0, 5.0),
        positive_at=4.0,
        implicit=False,
        timestamps=True,
        simulated=True,
        description="made up",
    )


def source(tables: Tables, seed: int = 7, timestamps: bool = True) -> SplitSource:
    return SplitSource(tables, PrepareParams(), seed, timestamps)


@pytest.fixture(name="made_up")
def made_up_fixture() -> Callable[..., Dataset]:
    return made_up


@pytest.fixture(name="source")
def source_fixture() -> Callable[..., SplitSource]:
    return source


@pytest.fixture(scope="session")
def tiny() -> Tables:
    return to_tables(made_up())


@pytest.fixture(scope="session")
def ml_100k() -> Dataset:
    if not ML_100K.is_dir():
        pytest.skip("ml-100k does not lie beside the project")
    return read_dataset(ML_100K)


@pytest.fixture(scope="session")
def ml_100k_tables(ml_100k: Dataset) -> Tables:
    return to_tables(ml_100k)


@pytest.fixture(params=["tiny", "ml_100k_tables"])
def tables(request: pytest.FixtureRequest) -> Tables:
    """Each test that takes it runs on the made-up and on the real table."""
    return request.getfixturevalue(request.param)
