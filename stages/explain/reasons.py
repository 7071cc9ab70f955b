"""A user's explained list: of the claims made, keep the grounded ones and put them into words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from stages.contracts.grounding import grounds_of, words_of_films
from stages.contracts.reasons import RawClaim, RawReasons
from stages.contracts.rows import Claim, Explained, Explanation, ItemProfile, UserProfile
from stages.explain.lists import Place
from stages.explain.sentences import reason


@dataclass(frozen=True)
class Films:
    """Titles, people and profiles of all movies, by item row."""

    titles: Sequence[str]
    people: Sequence[frozenset[str]]
    profiles: Sequence[ItemProfile]

    @cached_property
    def words(self) -> dict[str, frozenset[str]]:
        """What a claim can say of each film, by item id."""
        return words_of_films(self.profiles)

    @cached_property
    def title_of(self) -> dict[str, str]:
        """The title of each item id."""
        return {film.item_id: title for film, title in zip(self.profiles, self.titles, strict=True)}


@dataclass(frozen=True)
class Explainer:
    """Explains lists of one base model and strategy with at most `claims` claims a film."""

    films: Films
    claims: int
    base: str
    strategy: str

    def explain(self, user: UserProfile, places: Sequence[Place], raw: RawReasons) -> Explanation:
        """The list with what is grounded of the claims made about it."""
        grounds = grounds_of(self.films.words, user)
        made = {film.item_id: film.claims for film in raw.items}
        items = []
        for after, place in enumerate(places):
            item = self.films.profiles[place.item_row].item_id
            claims = made.get(item, ())
            held = [claim for claim in claims if grounds.fault(item, claim) is None]
            items.append(self._explained(place, after, held, len(claims) - len(held)))
        return Explanation(
            user_id=user.user_id,
            base=self.base,
            strategy=self.strategy,
            source=raw.model,
            items=tuple(items),
        )

    def _explained(
        self, place: Place, after: int, held: Sequence[RawClaim], dropped: int
    ) -> Explained:
        claims = tuple(
            self._claim(claim, place.item_row) for claim in _distinct(held)[: self.claims]
        )
        return Explained(
            item_id=self.films.profiles[place.item_row].item_id,
            title=self.films.titles[place.item_row],
            graph_score=round(place.graph_score, 5),
            graph_place=place.graph_place,
            judge_value=round(place.value, 5),
            place=after,
            claims=claims,
            dropped=dropped,
            reason=reason(claims, self.films.title_of),
        )

    def _claim(self, claim: RawClaim, row: int) -> Claim:
        genres = {genre.casefold() for genre in self.films.profiles[row].profile.genres}
        word = claim.attribute.casefold()
        kind = "person" if word in self.films.people[row] else "genre" if word in genres else "tag"
        return Claim(attribute=claim.attribute, kind=kind, cited=tuple(dict.fromkeys(claim.cited)))


def _distinct(claims: Iterable[RawClaim]) -> list[RawClaim]:
    found: dict[str, RawClaim] = {}
    for claim in claims:
        found.setdefault(claim.attribute.casefold(), claim)
    return list(found.values())
