"""How well each film suits each user: by tastes for what its text says and for a hidden mood."""

from collections import Counter

import numpy as np

from stages.core.seeds import generator
from stages.data.sample.catalogue import Film
from stages.data.sample.draws import normal, standardised

_CIRCLES = 8
_MOODS = 6
_OWN_TASTE = 0.7
_WEIGHTS = {"genres": 0.6, "themes": 0.8, "eras": 0.3, "people": 0.3, "mood": 0.4}


def affinities(films: list[Film], users: int, seed: int) -> np.ndarray:
    """Σ of weight × standardised(taste · film), standardised again; shape (users, films)."""
    membership = _membership(users, seed)
    total = np.zeros((users, len(films)))
    for name, weight in _WEIGHTS.items():
        film = _aspect(films, name, seed)
        total += weight * standardised(_tastes(membership, name, film.shape[1], seed) @ film.T)
    return standardised(total)


def _membership(users: int, seed: int) -> np.ndarray:
    """How much a user belongs to each circle: few strongly, most hardly; shape (users, circles)."""
    share = generator(seed, "circles").random((users, _CIRCLES)) ** 4
    return share / np.sqrt((share**2).sum(axis=1, keepdims=True))


def _tastes(membership: np.ndarray, name: str, attributes: int, seed: int) -> np.ndarray:
    """What a user's circles share, and a taste of their own; shape (users, attributes).

    Their own taste is the cube of a normal: a few strong likes and little else.
    """
    rng = generator(seed, "taste", name)
    shared = membership @ normal(rng, _CIRCLES, attributes)
    own = normal(rng, len(membership), attributes) ** 3 / np.sqrt(15.0)
    return shared + _OWN_TASTE * own


def _aspect(films: list[Film], name: str, seed: int) -> np.ndarray:
    if name == "mood":
        return normal(generator(seed, "mood"), len(films), _MOODS)
    values: dict[str, list[tuple[str, ...]]] = {
        "genres": [film.genres for film in films],
        "themes": [film.themes for film in films],
        "eras": [(f"{film.year // 10}0s",) for film in films],
        "people": [film.people for film in films],
    }
    return shares(values[name])


def shares(values: list[tuple[str, ...]]) -> np.ndarray:
    """One row per film, 1/√n in the columns of its n values; shape (films, values).

    A value that only one film has gets no column.
    """
    counts = Counter(value for of_film in values for value in of_film)
    columns = {
        value: column for column, value in enumerate(sorted(v for v, n in counts.items() if n > 1))
    }
    matrix = np.zeros((len(values), len(columns)))
    for row, of_film in enumerate(values):
        known = [columns[value] for value in of_film if value in columns]
        matrix[row, known] = 1.0 / np.sqrt(max(len(known), 1))
    return matrix
