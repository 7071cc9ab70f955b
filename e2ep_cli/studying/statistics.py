"""What the answers of people say, each of whom answers many pairs.

Arrays of answers are (people, pairs), as 1 for the first side, 0 for the second, ½ for no
difference, and NaN where nothing was answered.
"""

import numpy as np
from scipy.stats import nct, t

from stages.evaluate.statistics.resampling import LEVEL, POWER, detectable

NEVER_GIVEN = -1
"""In an array of codes: no answer."""


def mean_interval(means: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Interval of the mean over people, (people, columns) each one's mean, gives (columns,) twice.

    m ± t_{.975; n−1}·s / √n, cut to [0, 1]. The person is the unit, since the answers of one are
    alike; and t, as n is small: a percentile bootstrap of five people covers too seldom. If all n
    people say the same one side, the other end is where that has a chance of .025: .025^(1/n) away
    from it. NaN for one person, or where all are of one mind in between.
    Source: Student, The probable error of a mean, Biometrika 1908; for all or none Clopper and
    Pearson, Biometrika 1934.
    """
    n = len(means)
    centre = means.mean(axis=0)
    if n < 2:
        return np.full_like(centre, np.nan), np.full_like(centre, np.nan)
    deviation = means.std(axis=0, ddof=1)
    half = t.ppf((1 + LEVEL) / 2, n - 1) * deviation / np.sqrt(n)
    half = np.where(deviation > 0, half, np.nan)
    bound = ((1 - LEVEL) / 2) ** (1 / n)
    low = np.select([centre == 1, centre == 0], [bound, 0.0], centre - half)
    high = np.select([centre == 1, centre == 0], [1.0, 1 - bound], centre + half)
    return np.clip(low, 0, 1), np.clip(high, 0, 1)


def people_needed(means: np.ndarray, difference: float) -> int | None:
    """People who find a true difference in 80 % of studies at α = .05; None if nobody differs.

    means: (people,) of those asked, whose spread holds all that clusters in a person, with as many
    pairs as they had. difference: the first side's share less the second's, so that a mean of
    answers is (1 + difference) / 2. The normal approximation is where the search begins; the power
    of the t test, a noncentral t, is where it ends.
    Source: Cohen, Statistical power analysis, 1988.
    """
    if len(means) < 2 or not means.std() > 0:
        return None
    shift = difference / 2
    close = detectable(means[:, None]).item() / shift
    people = max(int(np.ceil(len(means) * close**2)), 2)
    while _power(people, shift / means.std(ddof=1)) < POWER:
        people += 1
    return people


def _power(people: int, effect: float) -> float:
    """Of the two-sided t test; effect: the shift in standard deviations."""
    limit, centre = t.ppf((1 + LEVEL) / 2, people - 1), effect * np.sqrt(people)
    return float(nct.sf(limit, people - 1, centre) + nct.cdf(-limit, people - 1, centre))


def resemblance(answers: np.ndarray) -> float | None:
    """Intraclass correlation of the answers of one person, at least 0; None if undefined.

    (MSB − MSW) / (MSB + (m₀ − 1)·MSW) by one-way analysis of variance, m₀ the answers per person
    corrected for their differing.
    Source: Donner, International Statistical Review 1986.
    """
    sizes = (~np.isnan(answers)).sum(axis=1)
    answers, sizes = answers[sizes > 0], sizes[sizes > 0]
    people, total = len(sizes), int(sizes.sum())
    if people < 2 or total == people:
        return None
    means = np.nanmean(answers, axis=1)
    between = (sizes * (means - np.nanmean(answers)) ** 2).sum() / (people - 1)
    within = np.nansum((answers - means[:, None]) ** 2) / (total - people)
    size = (total - (sizes**2).sum() / total) / (people - 1)
    spread = between + (size - 1) * within
    return float(max((between - within) / spread, 0.0)) if spread > 0 else None


def krippendorff_alpha(codes: np.ndarray) -> float | None:
    """Agreement beyond chance, nominal: (people, pairs) codes, −1 where nothing was answered.

    α = 1 − D_o / D_e. In a pair that m people answered, each ordered couple of different answers
    counts 1 / (m − 1) of D_o; D_e counts couples of all answers to pairs that two or more people
    answered. None if those are all the same, or there are none.
    Source: Krippendorff, Computing Krippendorff's alpha-reliability, 2011.
    """
    kinds = np.unique(codes[codes != NEVER_GIVEN])
    counts = np.array([(codes == kind).sum(axis=0) for kind in kinds]).reshape(
        len(kinds), codes.shape[1]
    )
    given = counts.sum(axis=0)
    counts, given = counts[:, given > 1], given[given > 1]
    of_kind, total = counts.sum(axis=1), given.sum()
    if (of_kind > 0).sum() < 2:
        return None
    observed = ((given**2 - (counts**2).sum(axis=0)) / (given - 1)).sum()
    expected = (total**2 - (of_kind**2).sum()) / (total - 1)
    return float(1 - observed / expected)
