"""A user's explained list: of the claims made, keep the grounded ones and put them into words."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from stages.contracts.grounding import grounds_of, words_of_items
from stages.contracts.items import ProfiledItems
from stages.contracts.reasons import RawClaim, RawReasons
from stages.contracts.rows import Claim, Explained, Explanation, UserProfile
from stages.explain.lists import RankedItem
from stages.explain.sentences import reason


@dataclass(frozen=True)
class Explainer:
    """Explains lists of one base model and strategy with at most `claims` claims per item."""

    catalogue: ProfiledItems
    claims: int
    base: str
    strategy: str

    @cached_property
    def _words(self) -> dict[str, frozenset[str]]:
        return words_of_items(self.catalogue.profiles)

    @cached_property
    def _titles(self) -> dict[str, str]:
        return {item.item_id: item.title for item in self.catalogue.items}

    def explain(
        self, user: UserProfile, ranking: Sequence[RankedItem], raw: RawReasons
    ) -> Explanation:
        """The list, with the grounded ones among the claims made about it."""
        grounds = grounds_of(self._words, user)
        made = {item.item_id: item.claims for item in raw.items}
        items = []
        for place, ranked in enumerate(ranking):
            item_id = self.catalogue.items[ranked.item_row].item_id
            claims = made.get(item_id, ())
            grounded = [claim for claim in claims if grounds.fault(item_id, claim) is None]
            items.append(self._explained(ranked, place, grounded, len(claims) - len(grounded)))
        return Explanation(
            user_id=user.user_id,
            base=self.base,
            strategy=self.strategy,
            source=raw.model,
            items=tuple(items),
        )

    def _explained(
        self, ranked: RankedItem, place: int, grounded: Sequence[RawClaim], dropped: int
    ) -> Explained:
        """One item with the first claim on each attribute; dropped: how many were not grounded."""
        distinct: dict[str, RawClaim] = {}
        for claim in grounded:
            distinct.setdefault(claim.attribute.casefold(), claim)
        kept = list(distinct.values())[: self.claims]
        claims = tuple(self._claim(claim, ranked.item_row) for claim in kept)
        item = self.catalogue.items[ranked.item_row]
        return Explained(
            item_id=item.item_id,
            title=item.title,
            graph_score=round(ranked.graph_score, 5),
            graph_place=ranked.graph_place,
            judge_value=round(ranked.value, 5),
            place=place,
            claims=claims,
            dropped=dropped,
            reason=reason(claims, self._titles),
        )

    def _claim(self, claim: RawClaim, row: int) -> Claim:
        """The claim with the kind of its attribute, as the item has it."""
        genres = {genre.casefold() for genre in self.catalogue.profiles[row].profile.genres}
        word, people = claim.attribute.casefold(), self.catalogue.items[row].people
        kind = "person" if word in people else "genre" if word in genres else "tag"
        return Claim(attribute=claim.attribute, kind=kind, cited=tuple(dict.fromkeys(claim.cited)))
