"""The explanations to look at first: claims that did not hold, and evidence that the score does not rest on."""

from collections.abc import Iterator
from dataclasses import dataclass

from stages.contracts.plan import RunPlan
from stages.contracts.probing import Probed
from stages.contracts.rows import Explained
from stages.report.sources import Sources

SHOWN = 5


@dataclass(frozen=True)
class Case:
    """One explained film, its reason, and what its probe said; None where it was not probed."""

    ranking: str
    user_id: str
    film: Explained
    probed: Probed | None

    @property
    def gain(self) -> float:
        """How much further the score falls without the evidence than without random ratings."""
        return self.probed.evidence - self.probed.random if self.probed else 0.0

    @property
    def wrong(self) -> str:
        """In words; empty where nothing is."""
        made = len(self.film.claims) + self.film.dropped
        parts = (
            [f"{self.film.dropped} of {made} claims do not hold and were dropped"]
            if self.film.dropped
            else []
        )
        if self.probed and self.gain < 0:
            parts.append(
                f"the score moves by {-self.probed.evidence:+.2f} without the cited films, "
                f"by {-self.probed.random:+.2f} without as many others"
            )
        return "; ".join(parts)


def worst(sources: Sources, asked: RunPlan) -> list[Case]:
    """The worst cases of the first split: most claims dropped, then least faithful."""
    found = [
        case
        for base in asked.bases
        for name in asked.explained
        for case in _cases(sources, asked, base, name)
    ]
    return sorted(found, key=lambda case: (-case.film.dropped, case.gain))[:SHOWN]


def _cases(sources: Sources, asked: RunPlan, base: str, strategy: str) -> Iterator[Case]:
    split = asked.splits[0]
    probed = {(one.user_id, one.item_id): one for one in sources.probe(split, base, strategy).items}
    for row in sources.explanations(split, base, strategy):
        for film in row.items:
            case = Case(
                f"{base}+{strategy}", row.user_id, film, probed.get((row.user_id, film.item_id))
            )
            if case.wrong:
                yield case
