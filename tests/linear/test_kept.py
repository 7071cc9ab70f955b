"""The largest weights of each row, and what is stored of them."""

from pathlib import Path

import numpy as np
import pytest
import scipy.sparse as sp

from stages.core.tables import read_arrays, write_arrays
from stages.linear import kept
from stages.linear.kept import (
    as_arrays,
    from_arrays,
    kept_columns,
    kept_weights,
    largest,
    weighed,
)

B = np.array([[0.0, -3.0, 1.0, 2.0], [0.5, 0.0, 0.1, -0.2], [1.0, 2.0, 0.0, 3.0], [0, 0, 0, 0]])
X = sp.csr_matrix(np.array([[1.0, 0.0, 2.0, 0.0], [0.0, 1.0, 0.0, 1.0]]))


def test_the_largest_of_each_row_by_size() -> None:
    assert largest(B, 2).toarray().tolist() == [
        [0.0, -3.0, 0.0, 2.0],
        [0.5, 0.0, 0.0, -0.2],
        [0.0, 2.0, 0.0, 3.0],
        [0.0, 0.0, 0.0, 0.0],
    ]


def test_where_nothing_is_dropped_scores_stay() -> None:
    assert np.array_equal(weighed(X, largest(B, 9)), weighed(X, B))


def test_few_items_keep_all_their_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    assert kept_weights(B) is B
    monkeypatch.setattr(kept, "WHOLE", 3)
    monkeypatch.setattr(kept, "KEPT", 1)
    assert as_arrays("b", kept_weights(B))["b"].shape == (4, 1)


@pytest.mark.parametrize(
    "weights", [B, largest(B, 2), sp.csr_matrix(B), sp.csr_matrix((4, 4)), np.zeros((0, 0))]
)
def test_weights_survive_the_disk_whole_and_row_by_row(
    weights: kept.Weights, tmp_path: Path
) -> None:
    write_arrays(tmp_path / "w.safetensors", as_arrays("b", weights))
    stored = read_arrays(tmp_path / "w.safetensors")
    values, columns = stored["b"], stored[kept_columns("b")]
    n = weights.shape[0]
    dense = weights if isinstance(weights, np.ndarray) else weights.toarray()
    found = from_arrays(values, columns, n)
    assert weighed(sp.csr_matrix(np.eye(n)), found) == pytest.approx(dense)
    if n and columns.size:
        two = from_arrays(values[[2, 0]], columns[[2, 0]], n)
        assert weighed(sp.csr_matrix(np.eye(2)), two) == pytest.approx(dense[[2, 0]])
