"""The number that chooses."""

import math

import numpy as np
import pytest
import scipy.sparse as sp

from stages.core.errors import InputError
from stages.train.fitting import candidates
from stages.train.fitting.validation import validation_ndcg


def test_validation_ndcg_by_hand() -> None:
    """User 0, with item 0 masked, likes the first and third: (1 + 1/2) / (1 + 1/log₂3).

    User 1 has one like, second: 1/log₂3. User 2 has none and does not count.
    """
    likes = sp.csr_matrix(np.array([[0, 1, 0, 1], [0, 1, 0, 0], [0, 0, 0, 0]]))
    seen = sp.csr_matrix(np.array([[1, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]))
    validate = validation_ndcg(likes, seen, np.ones(4, dtype=bool))
    second = 1 / math.log2(3)
    found = validate(lambda users: np.tile([9.0, 8.0, 7.0, 6.0], (len(users), 1)))
    assert found == pytest.approx([1.5 / (1 + second), second])


def test_a_split_without_a_liked_validation_row_is_refused_in_one_sentence() -> None:
    empty = sp.csr_matrix((2, 5))
    with pytest.raises(InputError, match="no validation rating counts as liked"):
        validation_ndcg(empty, empty, np.ones(5, dtype=bool))


@pytest.mark.parametrize("cells", [1, 13, 30])
def test_it_is_the_same_whatever_the_scores_in_memory(
    cells: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = np.random.default_rng(0)
    scores, likes, seen = (
        draw.random((9, 12)),
        draw.random((9, 12)) < 0.2,
        draw.random((9, 12)) < 0.2,
    )
    likes[4] = False
    values = []
    for most in (candidates.CELLS, cells):
        monkeypatch.setattr(candidates, "CELLS", most)
        validate = validation_ndcg(
            sp.csr_matrix(likes), sp.csr_matrix(seen), np.ones(12, dtype=bool)
        )
        values.append(validate(lambda users: scores[users]))
    assert np.array_equal(values[0], values[1])
    assert values[0].any()
