"""What can be learnt from the sample: taste, shared or seen in the content, beats popularity."""

import numpy as np
import pytest

from stages.core.seeds import generator
from stages.data.sample.catalogue import read_films
from stages.data.sample.generate import simulate
from stages.data.sample.taste import shares
from stages.metrics.ndcg import ndcg

FILMS = read_films()


@pytest.fixture(scope="module")
def split() -> tuple[np.ndarray, np.ndarray]:
    """Ratings of a random 80 % and of the other 20 %; (users, films), 0 where there is none."""
    ratings = simulate(FILMS).ratings
    held_out = generator(0, "split").random(len(ratings)) < 0.2
    return _matrix(ratings[~held_out]), _matrix(ratings[held_out])


def _matrix(ratings: np.ndarray) -> np.ndarray:
    matrix = np.zeros((400, len(FILMS)))
    matrix[ratings[:, 0] - 1, ratings[:, 1] - 1] = ratings[:, 2]
    return matrix


def _ndcg(scores: np.ndarray, split: tuple[np.ndarray, np.ndarray]) -> float:
    train, test = split
    relevant = test >= 4
    top = np.argsort(-np.where(train > 0, -np.inf, scores), axis=1, kind="stable")[:, :10]
    values = ndcg(np.take_along_axis(relevant, top, axis=1), relevant.sum(axis=1))
    return float(values[relevant.any(axis=1)].mean())


def _popularity(likes: np.ndarray) -> np.ndarray:
    return np.tile(np.log1p(likes.sum(axis=0)), (len(likes), 1))


def _ease(likes: np.ndarray) -> np.ndarray:
    inverse = np.linalg.inv(likes.T @ likes + 100 * np.eye(likes.shape[1]))
    weights = -inverse / np.diag(inverse)
    np.fill_diagonal(weights, 0)
    return likes @ weights


def _content(likes: np.ndarray, values: list[tuple[str, ...]]) -> np.ndarray:
    """Ridge regression of what each user likes, beyond the popular, on the films' attributes."""
    films = shares(values)
    films = films - films.mean(axis=0)
    ridge = np.linalg.inv(films.T @ films + 2 * np.eye(films.shape[1]))
    return (likes - likes.mean(axis=0)) @ films @ ridge @ films.T


def _by_user(scores: np.ndarray) -> np.ndarray:
    spread = scores.std(axis=1, keepdims=True)
    return (scores - scores.mean(axis=1, keepdims=True)) / np.where(spread > 0, spread, 1)


def test_popularity_beats_chance(split: tuple[np.ndarray, np.ndarray]) -> None:
    chance = generator(0, "chance").random(split[0].shape)
    assert _ndcg(_popularity(split[0] >= 4), split) > 3 * _ndcg(chance, split)


def test_ease_clearly_beats_popularity(split: tuple[np.ndarray, np.ndarray]) -> None:
    likes = (split[0] >= 4).astype(float)
    assert _ndcg(_ease(likes), split) > 1.15 * _ndcg(_popularity(likes), split)


@pytest.mark.parametrize("aspect", ["genres", "themes"])
def test_content_adds_to_popularity(split: tuple[np.ndarray, np.ndarray], aspect: str) -> None:
    likes = (split[0] >= 4).astype(float)
    popular = _by_user(_popularity(likes))
    told = _by_user(_content(likes, [getattr(film, aspect) for film in FILMS]))
    assert _ndcg(popular + 0.3 * told, split) > 1.05 * _ndcg(popular, split)


def test_content_adds_to_ease(split: tuple[np.ndarray, np.ndarray]) -> None:
    likes = (split[0] >= 4).astype(float)
    told = _content(likes, [film.genres + film.themes + film.people for film in FILMS])
    alone = _by_user(_ease(likes))
    assert _ndcg(alone + 0.3 * _by_user(told), split) > 1.02 * _ndcg(alone, split)
