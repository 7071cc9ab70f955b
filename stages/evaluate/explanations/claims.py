"""Raw claims, as a model answered them, against everything known of films and users: grounding and citations."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, get_args

from stages.contracts.grounding import Fault, attributes, grounds_of
from stages.contracts.reasons import RawClaim, RawReasons
from stages.contracts.rows import NEGATIVE, UserProfile
from stages.evaluate.explanations.features import Features
from stages.evaluate.explanations.share import share
from stages.evaluate.explanations.titles import Titles


@dataclass
class RawCounts:
    """Running counts over raw claims. A film counts as a citation once for each claim that cites it."""

    unanswered: int = 0
    claims: int = 0
    faults: Counter[Fault] = field(default_factory=Counter)
    citations: int = 0
    valid: int = 0
    disliked: int = 0
    leaked: int = 0

    def values(self) -> dict[str, Any]:
        """What explanations.json says of them; a share of nothing is None.

        unanswered: users whose question for reasons brought no usable answer. raw_claims: claims made. grounded_share:
        those that hold. faults: the others, each by the first thing wrong. citation_validity: citations of films that
        the user rated in training. polarity: citations of films that he did not rate 2 or less there. leak_rate:
        citations of films among his test rows. The three are shares of `citations`, labels of no film among them.
        """
        grounded = self.claims - self.faults.total()
        return {
            "unanswered": self.unanswered,
            "raw_claims": self.claims,
            "grounded_share": share(grounded, self.claims),
            "faults": {fault: self.faults[fault] for fault in get_args(Fault)},
            "citations": self.citations,
            "citation_validity": share(self.valid, self.citations),
            "polarity": share(self.citations - self.disliked, self.citations),
            "leak_rate": share(self.leaked, self.citations),
        }


@dataclass(frozen=True)
class Known:
    """What raw claims are checked against in one split.

    films: words by item id. users: profiles by user id. training: rating by user id and item id. test: item ids by
    user id. titles: of all films.
    """

    films: Mapping[str, frozenset[str]]
    users: Mapping[str, UserProfile]
    training: Mapping[str, Mapping[str, float]]
    test: Mapping[str, Mapping[str, float]]
    titles: Titles

    def counts(self, raw: Iterable[RawReasons]) -> RawCounts:
        """Counts over all users' claims."""
        counts = RawCounts()
        for reasons in raw:
            counts.unanswered += reasons.outcome != "answered"
            grounds = grounds_of(self.films, self.users[reasons.user_id])
            for film in reasons.items:
                for claim in film.claims:
                    counts.claims += 1
                    if fault := grounds.fault(film.item_id, claim):
                        counts.faults[fault] += 1
                    self._count_citations(counts, reasons.user_id, claim)
        return counts

    def features(self, raw: Iterable[RawReasons]) -> list[Features]:
        """What each explained film's claims name, and what its profile shares with the user's."""
        found = []
        for reasons in raw:
            user = attributes(self.users[reasons.user_id].profile)
            for film in reasons.items:
                claimed = frozenset(claim.attribute.casefold() for claim in film.claims)
                found.append(Features(claimed, self.films[film.item_id] & user))
        return found

    def _count_citations(self, counts: RawCounts, user: str, claim: RawClaim) -> None:
        rated, test = self.training.get(user, {}), self.test.get(user, {})
        counts.citations += len(claim.cited) + len(claim.foreign)
        counts.valid += sum(item in rated for item in claim.cited)
        counts.disliked += sum(rated.get(item, NEGATIVE + 1) <= NEGATIVE for item in claim.cited)
        counts.leaked += sum(item in test for item in claim.cited)
