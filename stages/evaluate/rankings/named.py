"""Rankings made from a base, by name: rerankings, and the random and best order of its pool."""

from collections.abc import Iterator, Mapping

import numpy as np

from stages.contracts.plan import COMPUTED_STRATEGIES, weight_of
from stages.core.seeds import generator
from stages.evaluate.rankings.fitting import Fit
from stages.evaluate.rankings.pairs import Pairs
from stages.evaluate.rankings.pool import Pool, alone, fused, onto, oracle, shuffled


def reranked(
    name: str, base: np.ndarray, pools: dict[str, Pool], weight: float, fits: Mapping[str, Fit]
) -> Iterator[tuple[str, np.ndarray]]:
    """`base+strategy`, fused, and `base+strategy+alone`, the judge's order, per strategy.

    Where there is a fitted weight, `base+strategy+fitted` too, fused with it. The order of a
    computed strategy is final and has one name.
    """
    for strategy, pool in pools.items():
        yield f"{name}+{strategy}", onto(base, fused(pool, weight_of(strategy, weight)))
        if strategy in COMPUTED_STRATEGIES:
            continue
        yield f"{name}+{strategy}+alone", onto(base, alone(pool))
        if strategy in fits:
            yield f"{name}+{strategy}+fitted", onto(base, fused(pool, fits[strategy].weight))


def bounds(
    name: str, base: np.ndarray, pools: dict[str, Pool], liked: Pairs, seed: int, split: str
) -> Iterator[tuple[str, np.ndarray]]:
    """`base+shuffle` and `base+oracle` of the strategies' pool.

    If strategies judge pools of different depths, the shallowest gets the plain names and a deeper
    one has its depth appended: `base+oracle+top30`.
    """
    by_depth = {pool.depth: pool for pool in reversed(pools.values())}
    for number, depth in enumerate(sorted(by_depth)):
        suffix = f"+top{depth}" if number else ""
        draw = generator(seed, "shuffle", split, name)
        yield f"{name}+shuffle{suffix}", onto(base, shuffled(by_depth[depth], draw))
        yield f"{name}+oracle{suffix}", onto(base, oracle(by_depth[depth], liked))
