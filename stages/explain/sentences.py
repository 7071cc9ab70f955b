"""One to three plain sentences that say what grounded claims say, and no more."""

from collections.abc import Mapping, Sequence

from stages.contracts.rows import Claim

_LIKED = ", which you rated highly"
_MOST = 3


def reason(claims: Sequence[Claim], titles: Mapping[str, str]) -> str:
    """A sentence per theme or person, the last ones joined, and one for all genres; or nothing."""
    genres = [claim for claim in claims if claim.kind == "genre"]
    links = [_link(claim, titles) for claim in claims if claim.kind != "genre"]
    own = _MOST - bool(genres)
    parts = [*links[: own - 1], "; ".join(links[own - 1 :])] if len(links) > own else links
    if not links and len(genres) > 1:
        parts.append(_genres(genres[:1], titles, ""))
        genres = genres[1:]
    if genres:
        parts.append(_genres(genres, titles, "also " if parts else ""))
    return " ".join(f"{part}{'' if place else _LIKED}." for place, part in enumerate(parts))


def _link(claim: Claim, titles: Mapping[str, str]) -> str:
    name = claim.attribute if claim.kind == "person" else f"“{claim.attribute}”"
    return f"{name} links it to {enumeration([titles[item] for item in claim.cited])}"


def _genres(claims: Sequence[Claim], titles: Mapping[str, str], also: str) -> str:
    """Genres together, like items cited for all of them; if there are none, each like its own."""
    shared = [item for item in claims[0].cited if all(item in claim.cited for claim in claims)]
    if shared:
        words = enumeration([claim.attribute for claim in claims])
        return f"It is {also}{words}, like {_titled(shared, titles)}"
    each = [f"{claim.attribute}, like {_titled(claim.cited, titles)}" for claim in claims]
    return f"It is {also}{'; '.join(each)}"


def _titled(items: Sequence[str], titles: Mapping[str, str]) -> str:
    return enumeration([titles[item] for item in items[:2]])


def enumeration(words: Sequence[str]) -> str:
    """Words as "a", "a and b" or "a, b and c"."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
