"""What linear models say of the pools' candidates, some users at a time, never users × items.

The users whose product is taken at once are the same wherever it is taken, so that a value has the
same bytes in this process and in any other.
"""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from stages.core.groups import runs
from stages.core.log import progress
from stages.core.spread import slots, spread

CHUNK = 256
"""Users at a time whose scores of all items are held."""
MANY = 20_000_000_000
"""Products of two numbers from which the users are spread over cores or a cluster."""
BLOCK = 16
"""How often so many users a worker is given at a time."""


@dataclass(frozen=True)
class Products:
    """Rows (users, items) times weights (items, items), by name, at the pools' pairs alone.

    user, item: (rows,), by user.
    """

    user: np.ndarray
    item: np.ndarray
    factors: Mapping[str, tuple[sp.csr_matrix, np.ndarray | sp.csr_matrix]]

    def values(self) -> dict[str, np.ndarray]:
        """Name → (rows,)."""
        parts = [part for _, part in runs(self.user // CHUNK)]
        if self._size() < MANY or slots() < 2:
            return {name: self.said(name, parts) for name in self.factors}
        return self.in_blocks(parts, BLOCK)

    def in_blocks(self, parts: list[slice], size: int) -> dict[str, np.ndarray]:
        """The same, `size` of these parts at a time on another core or node."""
        blocks = [parts[at : at + size] for at in range(0, len(parts), size)]
        made: dict[int, dict[str, np.ndarray]] = {}
        work = spread(block_values, blocks, shared={"products": self})
        with closing(work), closing(progress(work, "pools: blocks", len(blocks))) as results:
            made.update(results)
        return {
            name: np.concatenate([made[number][name] for number in range(len(blocks))])
            for name in self.factors
        }

    def said(self, name: str, parts: list[slice]) -> np.ndarray:
        """What a model says in these parts of the pools."""
        rows, weights = self.factors[name]
        said = [np.empty(0)]
        for part in parts:
            users, place = np.unique(self.user[part], return_inverse=True)
            product = rows[users] @ weights
            whole = product.toarray() if sp.issparse(product) else np.asarray(product)
            said.append(whole[place, self.item[part]])
        return np.concatenate(said)

    def _size(self) -> float:
        """How many products of two numbers there are."""
        return sum(
            rows.nnz
            * (len(weights) if isinstance(weights, np.ndarray) else weights.nnz / weights.shape[0])
            for rows, weights in self.factors.values()
        )


def block_values(parts: list[slice], products: Products) -> dict[str, np.ndarray]:
    """Name → what that model says in a block."""
    return {name: products.said(name, parts) for name in products.factors}
