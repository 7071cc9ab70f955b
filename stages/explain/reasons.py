"""A user's explained list: of the claims made, keep the grounded ones and put them into words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from stages.contracts.grounding import attributes, grounds_of, words_of_items
from stages.contracts.items import ProfiledItems
from stages.contracts.reasons import RawClaim, RawReasons
from stages.contracts.rows import Claim, Explained, Explanation, UserProfile
from stages.contracts.together import Together
from stages.contracts.words import FILMS, DomainWords
from stages.explain.lists import RankedItem
from stages.explain.sentences import reason


@dataclass(frozen=True)
class Explainer:
    """Explains lists of one base model and strategy with at most `claims` claims per item.

    together: what people liked together in training; without it, an item that shares no attribute
    with the user has no reason.
    """

    catalogue: ProfiledItems
    claims: int
    base: str
    strategy: str
    words: DomainWords = FILMS
    together: Together | None = None

    @cached_property
    def _people(self) -> dict[str, frozenset[str]]:
        return {item.item_id: item.people for item in self.catalogue.items}

    @cached_property
    def _words(self) -> dict[str, frozenset[str]]:
        return words_of_items(self.catalogue.profiles, self._people)

    @cached_property
    def _titles(self) -> dict[str, str]:
        return {item.item_id: item.title for item in self.catalogue.items}

    def explain(
        self,
        user: UserProfile,
        ranking: Sequence[RankedItem],
        raw: RawReasons,
        history: Iterable[int] = (),
    ) -> Explanation:
        """The list, with the grounded ones among the claims made about it.

        history: rows of the items that the user liked in training.
        """
        grounds, mine = grounds_of(self._words, user, self._people), list(history)
        made = {item.item_id: item.claims for item in raw.items}
        items = []
        for place, ranked in enumerate(ranking):
            item_id = self.catalogue.items[ranked.item_row].item_id
            claims = made.get(item_id, ())
            grounded = [claim for claim in claims if grounds.fault(item_id, claim) is None]
            shown = self._distinct(grounded, ranked.item_row) or self._used(ranked.item_row, mine)
            items.append(self._explained(ranked, place, shown, len(claims) - len(grounded)))
        return Explanation(
            user_id=user.user_id,
            base=self.base,
            strategy=self.strategy,
            source=raw.model,
            items=tuple(items),
        )

    def _explained(
        self, ranked: RankedItem, place: int, claims: tuple[Claim, ...], dropped: int
    ) -> Explained:
        """One item with what is said of it; dropped: how many claims were not grounded."""
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
            reason=reason(claims, self._titles, self.words, item.creators),
        )

    def _distinct(self, grounded: Sequence[RawClaim], row: int) -> tuple[Claim, ...]:
        """The first claim on each attribute."""
        distinct: dict[str, RawClaim] = {}
        for claim in grounded:
            distinct.setdefault(claim.attribute.casefold(), claim)
        return tuple(self._claim(claim, row) for claim in list(distinct.values())[: self.claims])

    def _claim(self, claim: RawClaim, row: int) -> Claim:
        """The claim with the kind of its attribute, as the item has it."""
        genres = {genre.casefold() for genre in self.catalogue.profiles[row].profile.genres}
        word, people = claim.attribute.casefold(), self.catalogue.items[row].people
        kind = "person" if word in people else "genre" if word in genres else "tag"
        return Claim(attribute=claim.attribute, kind=kind, cited=tuple(dict.fromkeys(claim.cited)))

    def _used(self, row: int, history: Sequence[int]) -> tuple[Claim, ...]:
        """What the user liked that others liked together with an item, where it can be said.

        A film of which a genre or tag is known keeps to its attributes: its published numbers count
        no other claim.
        """
        known = attributes(self.catalogue.profiles[row].profile)
        if self.together is None or (self.words.of_films and known):
            return ()
        evidence = self.together.evidence(row, history)
        if not evidence:
            return ()
        least = f"{min(count for _, count in evidence)} people"
        by = least if len(evidence) == 1 else f"at least {least}"
        attribute = f"{self.words.liked} together by {by}"
        cited = tuple(self.catalogue.items[other].item_id for other, _ in evidence)
        return (Claim(attribute=attribute, kind="together", cited=cited),)
