"""Bootstrap intervals and permutation tests of means over users, for many columns at once.

scipy draws the users and the signs; all columns share the draws, so that the means are one matrix
product.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.stats import bootstrap, norm, permutation_test

from stages.core.seeds import generator

LEVEL, POWER = 0.95, 0.8
DRAWN = 2**19
"""How many users are drawn at a time, which keeps memory independent of the resamples."""

Means = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Resampling:
    """How many resamples are drawn, and the seed."""

    resamples: int
    seed: int

    def interval(self, use: str, *samples: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Percentile interval of each column's mean, or of the first sample's minus the second's.

        samples: one or two, (users, columns) each, two users or more. Returns low and high,
        (columns,) each.
        Source: Efron and Tibshirani, An introduction to the bootstrap, 1993, chapter 13.
        """
        means = [_means(sample) for sample in samples]

        def statistic(*rows: np.ndarray, **_: int) -> np.ndarray:
            first, *second = (mean(drawn) for mean, drawn in zip(means, rows, strict=True))
            return first - sum(second)

        interval = bootstrap(
            [np.arange(len(sample)) for sample in samples],
            statistic,
            vectorized=True,
            method="percentile",
            confidence_level=LEVEL,
            n_resamples=self.resamples,
            batch=_batch(max(map(len, samples))),
            rng=generator(self.seed, "bootstrap", use),
        ).confidence_interval
        return interval.low, interval.high

    def p_values(self, use: str, differences: np.ndarray) -> np.ndarray:
        """Two-sided p of the hypothesis that the mean is zero, by flipping users' signs.

        (users, columns) gives (columns,). If there are no more flips than resamples, all are
        enumerated; otherwise p is at least 2 / (resamples + 1).
        Source: Fisher, The design of experiments, 1935; Smucker, Allan and Carterette, CIKM 2007.
        """
        draw = generator(self.seed, "permutation", use)
        if len(differences) > DRAWN:
            return flipped(differences, self.resamples, draw)
        return permutation_test(
            (np.ones(len(differences)),),
            lambda signs, **_: signs @ differences,
            permutation_type="samples",
            vectorized=True,
            n_resamples=self.resamples,
            batch=_batch(len(differences)),
            rng=draw,
        ).pvalue


def flipped(differences: np.ndarray, resamples: int, draw: np.random.Generator) -> np.ndarray:
    """The p values of so many random flips, for many users: scipy sorts where this draws a bit.

    (users, columns) gives (columns,), by the rules of scipy's permutation_test.
    """
    n, observed = len(differences), differences.sum(axis=0)
    near = 1e-14 * np.abs(observed)
    above, below = np.ones_like(observed), np.ones_like(observed)
    for _ in range(resamples):
        kept = np.unpackbits(np.frombuffer(draw.bytes(-(-n // 8)), dtype=np.uint8), count=n)
        total = 2 * (kept.astype(differences.dtype) @ differences) - observed
        above += total >= observed - near
        below += total <= observed + near
    return np.minimum(2 * np.minimum(above, below) / (resamples + 1), 1.0)


def detectable(differences: np.ndarray) -> np.ndarray:
    """The smallest true mean difference found in 80 % of experiments at α = .05.

    (z_.975 + z_.8)·s / √n with s the standard deviation of the paired differences.
    (users, columns) gives (columns,).
    Source: Cohen, Statistical power analysis, 1988, solved for the difference.
    """
    z = norm.ppf((1 + LEVEL) / 2) + norm.ppf(POWER)
    return z * differences.std(axis=0, ddof=1) / np.sqrt(len(differences))


def holm(p: np.ndarray) -> np.ndarray:
    """P values corrected for how many there are, m.

    The running maximum of (m − i + 1)·p₍ᵢ₎ over ascending p, at most 1.
    Source: Holm, A simple sequentially rejective multiple test procedure, Scandinavian Journal of
    Statistics 1979.
    """
    order = np.argsort(p, kind="stable")
    corrected = np.empty(len(p))
    corrected[order] = np.minimum(np.maximum.accumulate(np.arange(len(p), 0, -1) * p[order]), 1.0)
    return corrected


def _means(values: np.ndarray) -> Means:
    """Takes rows (users,) to means (columns,), or (draws, users) to (columns, draws)."""

    def means(rows: np.ndarray) -> np.ndarray:
        n, flat = len(values), rows.reshape(-1, len(values))
        drawn = flat + n * np.arange(len(flat))[:, None]
        often = np.bincount(drawn.ravel(), minlength=flat.size).reshape(flat.shape)
        return (often @ values / n).T.reshape(-1, *rows.shape[:-1])

    return means


def _batch(users: int) -> int:
    return max(DRAWN // users, 1)
