"""Raw claims, as a model made them, checked against items and users: grounding and citations."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import get_args

from stages.contracts.grounding import Fault, Grounds, grounds_of
from stages.contracts.metrics.explanations import ClaimMeasures
from stages.contracts.reasons import RawClaim, RawReasons
from stages.contracts.rows import UserProfile
from stages.contracts.scale import NEGATIVE
from stages.contracts.words import FILMS, DomainWords
from stages.evaluate.explanations.features import Features
from stages.evaluate.explanations.share import share


@dataclass
class RawCounts:
    """Running counts over raw claims; an item is a citation once for each claim citing it."""

    unanswered: int = 0
    claims: int = 0
    faults: Counter[Fault] = field(default_factory=Counter)
    citations: int = 0
    valid: int = 0
    disliked: int = 0
    leaked: int = 0

    def add_citations(
        self, claim: RawClaim, rated: Mapping[str, float], test: Mapping[str, float]
    ) -> None:
        """Count what a claim cites; rated, test: the user's ratings there by item id."""
        self.citations += len(claim.cited) + len(claim.foreign)
        self.valid += sum(item in rated for item in claim.cited)
        self.disliked += sum(rated.get(item, NEGATIVE + 1) <= NEGATIVE for item in claim.cited)
        self.leaked += sum(item in test for item in claim.cited)

    def measures(self, words: DomainWords = FILMS) -> ClaimMeasures:
        """The counts as explanations.json has them, faults in the words of the data set."""
        return ClaimMeasures(
            unanswered=self.unanswered,
            raw_claims=self.claims,
            grounded_share=share(self.claims - self.faults.total(), self.claims),
            faults={
                fault.replace(FILMS.item, words.item): self.faults[fault]
                for fault in get_args(Fault)
            },
            citations=self.citations,
            citation_validity=share(self.valid, self.citations),
            polarity=share(self.citations - self.disliked, self.citations),
            leak_rate=share(self.leaked, self.citations),
        )


@dataclass(frozen=True)
class ClaimChecker:
    """What raw claims are checked against in one split.

    items: words by item id, people among them. people: those alone. users: profiles by user id.
    training, test: rating by user id and item id.
    """

    items: Mapping[str, frozenset[str]]
    people: Mapping[str, frozenset[str]]
    users: Mapping[str, UserProfile]
    training: Mapping[str, Mapping[str, float]]
    test: Mapping[str, Mapping[str, float]]

    def counts(self, raw: Iterable[RawReasons]) -> RawCounts:
        """Counts over all users' claims."""
        counts = RawCounts()
        for reasons in raw:
            counts.unanswered += reasons.outcome != "answered"
            grounds = self._grounds(reasons.user_id)
            rated = self.training.get(reasons.user_id, {})
            test = self.test.get(reasons.user_id, {})
            for item in reasons.items:
                for claim in item.claims:
                    counts.claims += 1
                    if fault := grounds.fault(item.item_id, claim):
                        counts.faults[fault] += 1
                    counts.add_citations(claim, rated, test)
        return counts

    def features(self, raw: Iterable[RawReasons]) -> list[Features]:
        """What each explained item's claims name, and what it shares with the user."""
        features = []
        for reasons in raw:
            user = self._grounds(reasons.user_id).user
            for item in reasons.items:
                claimed = frozenset(claim.attribute.casefold() for claim in item.claims)
                features.append(Features(claimed, self.items[item.item_id] & user))
        return features

    def _grounds(self, user_id: str) -> Grounds:
        return grounds_of(self.items, self.users[user_id], self.people)
