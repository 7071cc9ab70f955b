"""Tables whose columns are the channels of attention's heads, one head after another."""

from torch import Tensor


def by_head(rows: Tensor, heads: int) -> Tensor:
    """A view of rows (rows, heads · channels) as (rows, heads, channels)."""
    return rows.unflatten(1, (heads, -1))


def weighted(rows: Tensor, weights: Tensor) -> Tensor:
    """Rows (rows, heads · channels), each head's channels times its weight (heads, rows)."""
    return (by_head(rows, len(weights)) * weights.T[:, :, None]).flatten(1)
