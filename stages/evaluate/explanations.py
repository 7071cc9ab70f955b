"""explanations.json: what can be checked in the explanations without anybody's opinion."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from stages.core.reasons import RawReasons
from stages.core.schema import Explained, Explanation
from stages.evaluate.claims import Known, RawCounts, share


@dataclass(frozen=True)
class Shares:
    """Counts over one explanations file and the claims that it was made of, and the shares that follow."""

    users: int
    items: tuple[Explained, ...]
    raw: RawCounts

    def values(self) -> dict[str, Any]:
        """Everything that explanations.json says of one strategy; a share of nothing is None.

        claims: shown ones. attributes: distinct attributes shown. without_reason: items whose reason is empty.
        dropped_share: dropped / (claims + dropped). The rest is measured before anything was dropped: RawCounts.
        """
        claims = [claim for item in self.items for claim in item.claims]
        dropped = sum(item.dropped for item in self.items)
        return {
            "users": self.users,
            "items": len(self.items),
            "claims": len(claims),
            "attributes": len({(claim.kind, claim.attribute.casefold()) for claim in claims}),
            "without_reason": sum(not item.reason.strip() for item in self.items),
            "dropped_share": share(dropped, len(claims) + dropped),
            **self.raw.values(),
        }


def shares(rows: Iterable[Explanation], raw: Iterable[RawReasons], known: Known) -> Shares:
    """Count over `rows` and the raw claims they were made of."""
    explained = list(rows)
    items = tuple(item for row in explained for item in row.items)
    return Shares(len(explained), items, known.counts(raw))
