"""explanations.json: what can be checked in the explanations without anybody's opinion."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from stages.core.schema import Explained, Explanation


@dataclass(frozen=True)
class Shares:
    """Counts over one explanations file, and the shares that follow."""

    users: int
    items: tuple[Explained, ...]
    citations: int
    valid: int

    def values(self) -> dict[str, float | int | None]:
        """Everything that explanations.json says of one strategy; a share of nothing is None.

        attributes: distinct attributes claimed. without_reason: items whose reason is empty.
        dropped_share: dropped / (claims + dropped). citation_validity: cited films that the user rated in training /
        cited films, a film counting once for each claim that cites it.
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
            "citations": self.citations,
            "citation_validity": share(self.valid, self.citations),
        }


def share(part: int, whole: int) -> float | None:
    """part / whole to five decimals, None for a share of nothing."""
    return round(part / whole, 5) if whole else None


def shares(rows: Iterable[Explanation], training: Mapping[str, set[str]]) -> Shares:
    """Count over `rows`; training: the item ids that each user id rated in the split's training rows."""
    items: list[Explained] = []
    users, citations, valid = 0, 0, 0
    for row in rows:
        users += 1
        items += row.items
        cited = [film for item in row.items for claim in item.claims for film in claim.cited]
        citations += len(cited)
        valid += sum(film in training.get(row.user_id, set()) for film in cited)
    return Shares(users, tuple(items), citations, valid)
