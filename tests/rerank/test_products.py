"""What linear models say of the pools: the same bytes in any blocks of users, anywhere."""

import numpy as np
import pytest
import scipy.sparse as sp

from stages.core.groups import runs
from stages.rerank.learning import products as module
from stages.rerank.learning.products import Products

N_USERS, N_ITEMS, POOL = 60, 30, 5


@pytest.fixture(params=["here", pytest.param("cluster", marks=pytest.mark.ray)])
def anywhere(request: pytest.FixtureRequest) -> None:
    if request.param == "cluster":
        request.getfixturevalue("cluster")


@pytest.fixture
def products(monkeypatch: pytest.MonkeyPatch) -> Products:
    """Two models, and pools of all users but every seventh; four user rows at a time."""
    monkeypatch.setattr(module, "CHUNK", 4)
    draw = np.random.default_rng(2)
    rows = sp.csr_matrix(draw.random((N_USERS, N_ITEMS)) * (draw.random((N_USERS, N_ITEMS)) < 0.3))
    dense, sparse = draw.normal(size=(2, N_ITEMS, N_ITEMS))
    near = sp.csr_matrix(np.where(sparse > 0.5, sparse, 0.0))
    user = np.repeat(np.flatnonzero(np.arange(N_USERS) % 7), POOL)
    item = draw.integers(0, N_ITEMS, len(user))
    return Products(user, item, {"dense": (rows, dense), "sparse": (rows, near)})


def test_values_are_the_products_at_the_pools_pairs(products: Products) -> None:
    for name, values in products.values().items():
        rows, weights = products.factors[name]
        whole = rows.toarray() @ (weights if isinstance(weights, np.ndarray) else weights.toarray())
        np.testing.assert_allclose(values, whole[products.user, products.item], atol=1e-12)


@pytest.mark.usefixtures("anywhere")
@pytest.mark.parametrize("size", [1, 7, N_USERS])
def test_values_have_the_same_bytes_in_blocks_of_any_size(products: Products, size: int) -> None:
    parts = [part for _, part in runs(products.user // 4)]
    assert len(parts) == 15
    here, there = products.values(), products.in_blocks(parts, size)
    assert {name: values.tobytes() for name, values in there.items()} == {
        name: values.tobytes() for name, values in here.items()
    }


def test_who_has_no_pool_is_asked_about_by_nobody(products: Products) -> None:
    nobody = np.zeros(0, dtype=int)
    empty = Products(nobody, nobody, products.factors).values()
    assert {name: len(values) for name, values in empty.items()} == {"dense": 0, "sparse": 0}
