"""A user's explained list: ask for claims, keep the grounded ones, put them into words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from stages.core.schema import Claim, Explained, Explanation, ItemProfile, UserProfile
from stages.explain.grounding import Grounds, attributes
from stages.explain.lists import Place
from stages.explain.params import ExplainParams
from stages.explain.question import RawClaim, explain_task
from stages.explain.sentences import reason
from stages.llm.chat import ChatModel
from stages.llm.structured import ask


@dataclass(frozen=True)
class Films:
    """Titles, people and profiles of all movies, by item row, and the row of each id."""

    titles: Sequence[str]
    people: Sequence[frozenset[str]]
    profiles: Sequence[ItemProfile]
    row_of: dict[str, int]

    def shown(self, row: int, label: str) -> dict[str, Any]:
        """One film under a label, without its id."""
        profile = self.profiles[row].profile
        return {"label": label, "title": self.titles[row], "genres": list(profile.genres), "tags": list(profile.tags)}


@dataclass(frozen=True)
class Explainer:
    """Explains lists of one base model and strategy."""

    model: ChatModel
    films: Films
    params: ExplainParams
    base: str
    strategy: str

    async def explain(self, user: UserProfile, places: Sequence[Place]) -> Explanation:
        """One question for the whole list."""
        evidence = {f"E{n + 1:02d}": self.films.row_of[item] for n, item in enumerate(user.liked)}
        labels = {f"R{n + 1:02d}": place for n, place in enumerate(places)}
        shown_user = {"genres": list(user.profile.genres), "tags": list(user.profile.tags)}
        shown_evidence = [self.films.shown(row, label) for label, row in evidence.items()]
        shown_films = [self.films.shown(place.item_row, label) for label, place in labels.items()]
        answer = await ask(self.model, explain_task(shown_user, shown_evidence, shown_films, self.params.claims))
        raw = {one.label: one.claims for one in answer.value.reasons} if answer.value else {}
        items = [
            self._explained(place, after, raw.get(label, []), user, evidence)
            for after, (label, place) in enumerate(labels.items())
        ]
        return Explanation(
            user_id=user.user_id, base=self.base, strategy=self.strategy, source=answer.reply.model, items=tuple(items)
        )

    def _explained(
        self, place: Place, after: int, raw: list[RawClaim], user: UserProfile, evidence: dict[str, int]
    ) -> Explained:
        film = self.films.profiles[place.item_row]
        words = {label: attributes(self.films.profiles[row].profile) for label, row in evidence.items()}
        grounds = Grounds(attributes(film.profile), attributes(user.profile), words)
        held = [claim for claim in raw if grounds.holds(claim)]
        told = _distinct(held)[: self.params.claims]
        claims = tuple(self._claim(claim, place.item_row, evidence) for claim in told)
        titles = {self.films.profiles[row].item_id: self.films.titles[row] for row in evidence.values()}
        return Explained(
            item_id=film.item_id,
            title=self.films.titles[place.item_row],
            graph_score=round(place.graph_score, 5),
            graph_place=place.graph_place,
            judge_value=round(place.value, 5),
            place=after,
            claims=claims,
            dropped=len(raw) - len(held),
            reason=reason(claims, titles),
        )

    def _claim(self, claim: RawClaim, row: int, evidence: dict[str, int]) -> Claim:
        genres = {genre.casefold() for genre in self.films.profiles[row].profile.genres}
        word = claim.attribute.casefold()
        kind = "person" if word in self.films.people[row] else "genre" if word in genres else "tag"
        cited = tuple(self.films.profiles[evidence[label]].item_id for label in dict.fromkeys(claim.evidence))
        return Claim(attribute=claim.attribute, kind=kind, cited=cited)


def _distinct(claims: Sequence[RawClaim]) -> list[RawClaim]:
    found: dict[str, RawClaim] = {}
    for claim in claims:
        found.setdefault(claim.attribute.casefold(), claim)
    return list(found.values())
