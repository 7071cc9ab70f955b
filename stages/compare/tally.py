"""How often one strategy explains better than the other, and whether that may be chance."""

from collections import Counter
from collections.abc import Iterable

from scipy.stats import binomtest

from stages.compare.judging import JudgedLists, Result
from stages.contracts.metrics.explanations import Tally


def tally(rows: Iterable[JudgedLists]) -> Tally:
    """Count the results of all users."""
    answered = list(rows)
    counts = Counter[Result](row.result for row in answered)
    share, low, high, p = _sign_test(counts["win"], counts["loss"])
    return Tally(
        users=len(answered) - counts["unanswered"],
        wins=counts["win"],
        ties=counts["tie"] + counts["contradiction"],
        losses=counts["loss"],
        contradictions=counts["contradiction"],
        unanswered=counts["unanswered"],
        win_share=share,
        win_share_low=low,
        win_share_high=high,
        p=p,
        judges=tuple(sorted({model for row in answered for model in row.models})),
    )


def _sign_test(wins: int, losses: int) -> tuple[float | None, ...]:
    """Share of wins, the ends of its interval, p."""
    if not wins + losses:
        return (None,) * 4
    test = binomtest(wins, wins + losses)
    ends = test.proportion_ci(confidence_level=0.95, method="exact")
    return tuple(
        round(float(value), 5) for value in (test.statistic, ends.low, ends.high, test.pvalue)
    )
