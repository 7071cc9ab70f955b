"""Which claims hold: the attribute is in both profiles, the evidence was liked in training and has it too."""

from dataclasses import dataclass

from stages.core.schema import Profile
from stages.explain.question import RawClaim


@dataclass(frozen=True)
class Grounds:
    """What a claim about one film is checked against; words are casefolded, evidence is by label."""

    film: frozenset[str]
    user: frozenset[str]
    evidence: dict[str, frozenset[str]]

    def holds(self, claim: RawClaim) -> bool:
        """Attribute in film and user profile, at least one film cited, and every cited film liked and having it."""
        word = claim.attribute.casefold()
        cited = [self.evidence.get(label, frozenset()) for label in claim.evidence]
        return word in self.film and word in self.user and bool(cited) and all(word in words for words in cited)


def attributes(profile: Profile) -> frozenset[str]:
    """Genres and tags, casefolded."""
    return frozenset(word.casefold() for word in (*profile.genres, *profile.tags))
