"""explanations.json: what can be checked in the explanations without anybody's opinion."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from stages.contracts.reasons import RawReasons
from stages.contracts.rows import Explained, Explanation
from stages.evaluate.explanations.claims import Known, RawCounts
from stages.evaluate.explanations.features import Features, feature_values
from stages.evaluate.explanations.share import share
from stages.evaluate.explanations.titles import Titles


@dataclass(frozen=True)
class Shares:
    """Counts over one explanations file and the claims that it was made of, and the shares that follow."""

    users: int
    items: tuple[Explained, ...]
    raw: RawCounts
    features: tuple[Features, ...]
    words: frozenset[str]
    titles: Titles

    def values(self) -> dict[str, Any]:
        """Everything that explanations.json says of one strategy; a share of nothing is None.

        claims: shown ones. attributes: distinct attributes shown. without_reason: items whose reason is empty.
        dropped_share: dropped / (claims + dropped). titles: film titles that the reasons name; title_grounding: those
        of films that the reason cites, or of the film itself. The rest is measured before anything was dropped:
        RawCounts and, of the raw claims' attributes, feature_values.
        """
        claims = [claim for item in self.items for claim in item.claims]
        dropped = sum(item.dropped for item in self.items)
        named, cited = self.titles.grounded(self.items)
        return {
            "users": self.users,
            "items": len(self.items),
            "claims": len(claims),
            "attributes": len({(claim.kind, claim.attribute.casefold()) for claim in claims}),
            "without_reason": sum(not item.reason.strip() for item in self.items),
            "dropped_share": share(dropped, len(claims) + dropped),
            "titles": named,
            "title_grounding": share(cited, named),
            **feature_values(self.features, self.words, [item.reason for item in self.items]),
            **self.raw.values(),
        }


def shares(rows: Iterable[Explanation], raw: Iterable[RawReasons], known: Known) -> Shares:
    """Count over `rows` and the raw claims they were made of."""
    explained, answered = list(rows), list(raw)
    items = tuple(item for row in explained for item in row.items)
    words = frozenset[str]().union(*known.films.values())
    made = tuple(known.features(answered))
    return Shares(len(explained), items, known.counts(answered), made, words, known.titles)
