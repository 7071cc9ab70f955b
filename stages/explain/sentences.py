"""One to three plain sentences that say what grounded claims say, and no more."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from stages.contracts.rows import Claim
from stages.contracts.words import FILMS, DomainWords

_MOST = 3


def reason(
    claims: Sequence[Claim],
    titles: Mapping[str, str],
    words: DomainWords = FILMS,
    creators: Collection[str] = (),
) -> str:
    """A sentence per theme or person, the last ones joined, and one for all genres; or nothing.

    creators: the item's, as its data set names them.
    """
    said = _Sentences(titles, words, frozenset(name.casefold() for name in creators))
    genres = [claim for claim in claims if claim.kind == "genre"]
    links = [said.link(claim) for claim in claims if claim.kind != "genre"]
    own = _MOST - bool(genres)
    parts = [*links[: own - 1], "; ".join(links[own - 1 :])] if len(links) > own else links
    if not links and len(genres) > 1:
        parts.append(said.genres(genres[:1], ""))
        genres = genres[1:]
    if genres:
        parts.append(said.genres(genres, "also " if parts else ""))
    which = f", which you {words.highly}"
    return " ".join(f"{part}{'' if place else which}." for place, part in enumerate(parts))


@dataclass(frozen=True)
class _Sentences:
    """The parts of sentences about one item."""

    titles: Mapping[str, str]
    words: DomainWords
    creators: frozenset[str]

    def link(self, claim: Claim) -> str:
        """What a theme, a person or other people's choice has to do with what the user liked."""
        liked = enumeration([self.titles[item] for item in claim.cited])
        if claim.kind == "together":
            return f"Often {self.words.liked} together with {liked}"
        if claim.attribute.casefold() in self.creators:
            return f"By the same {self.words.creator_word}, {claim.attribute}, as {liked}"
        name = claim.attribute if claim.kind == "person" else f"“{claim.attribute}”"
        return f"{name} links it to {liked}"

    def genres(self, claims: Sequence[Claim], also: str) -> str:
        """Genres together, like items cited for all of them; if none, each like its own."""
        is_ = f"It is {also}{'' if self.words.of_films else 'in '}"
        shared = [item for item in claims[0].cited if all(item in claim.cited for claim in claims)]
        if shared:
            names = enumeration([claim.attribute for claim in claims])
            return f"{is_}{names}, like {self._titled(shared)}"
        each = [f"{claim.attribute}, like {self._titled(claim.cited)}" for claim in claims]
        return f"{is_}{'; '.join(each)}"

    def _titled(self, items: Sequence[str]) -> str:
        return enumeration([self.titles[item] for item in items[:2]])


def enumeration(words: Sequence[str]) -> str:
    """Words as "a", "a and b" or "a, b and c"."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
