"""The explanations to look at first.

Their claims did not hold, or the score does not rest on the evidence they cite.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from stages.contracts.plan import RunPlan
from stages.contracts.probing import Probed
from stages.contracts.rows import Explained
from stages.report.sources import ReportSources

_SHOWN = 5


@dataclass(frozen=True)
class WorstCase:
    """One explained item, its reason, and what its probe said; None where it was not probed."""

    ranking: str
    user_id: str
    item: Explained
    probed: Probed | None

    @property
    def gain(self) -> float:
        """How much further the score falls without the evidence than without random ratings."""
        return self.probed.evidence - self.probed.random if self.probed else 0.0

    @property
    def wrong(self) -> str:
        """In words; empty where nothing is."""
        made = len(self.item.claims) + self.item.dropped
        parts = (
            [f"{self.item.dropped} of {made} claims do not hold and were dropped"]
            if self.item.dropped
            else []
        )
        if self.probed and self.gain < 0:
            parts.append(
                f"the score moves by {-self.probed.evidence:+.2f} without the cited items, "
                f"by {-self.probed.random:+.2f} without as many others"
            )
        return "; ".join(parts)


def worst_cases(sources: ReportSources, plan: RunPlan) -> list[WorstCase]:
    """The worst cases of the first split: most claims dropped, then least faithful."""
    cases = [
        case
        for base in plan.bases
        for name in plan.explained
        for case in _cases(sources, plan, base, name)
    ]
    return sorted(cases, key=lambda case: (-case.item.dropped, case.gain))[:_SHOWN]


def _cases(sources: ReportSources, plan: RunPlan, base: str, strategy: str) -> Iterator[WorstCase]:
    split = plan.splits[0]
    probe = sources.probe(split, base, strategy)
    probed = {(item.user_id, item.item_id): item for item in probe.items}
    for row in sources.explanations(split, base, strategy):
        for item in row.items:
            case = WorstCase(
                f"{base}+{strategy}", row.user_id, item, probed.get((row.user_id, item.item_id))
            )
            if case.wrong:
                yield case
