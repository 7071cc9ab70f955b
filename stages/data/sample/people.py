"""The simulated users' gender, age and occupation, drawn independently of their taste."""

from dataclasses import dataclass

import numpy as np

from stages.core.seeds import generator
from stages.data.sample.draws import whole

SAMPLE_OCCUPATIONS = (
    "artist",
    "civil servant",
    "cook",
    "engineer",
    "farmer",
    "librarian",
    "nurse",
    "programmer",
    "retired",
    "sales",
    "scientist",
    "student",
    "teacher",
    "writer",
)


@dataclass(frozen=True)
class User:
    """A row of users.csv."""

    user_id: int
    gender: str
    age: int
    occupation: str


def draw_users(users: int, seed: int) -> list[User]:
    """Users 1 … n: both genders equally often, 16 to 70 years old and more often young."""
    rng = generator(seed, "users")
    female = rng.random(users) < 0.5
    ages = 16 + (rng.random(users) ** 1.5 * 55).astype(np.int64)
    jobs = whole(rng, 0, len(SAMPLE_OCCUPATIONS) - 1, users)
    return [
        User(row + 1, "F" if female[row] else "M", int(ages[row]), SAMPLE_OCCUPATIONS[jobs[row]])
        for row in range(users)
    ]
