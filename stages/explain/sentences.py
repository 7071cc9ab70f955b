"""One or two plain sentences from grounded claims; nothing is said that no claim says."""

from collections.abc import Mapping, Sequence

from stages.core.schema import Claim

LIKED = ", which you rated highly"


def reason(claims: Sequence[Claim], titles: Mapping[str, str]) -> str:
    """A sentence for each theme or person, and one for all genres; empty where there is no claim."""
    genres = [claim for claim in claims if claim.kind == "genre"]
    parts = [_link(claim, titles) for claim in claims if claim.kind != "genre"]
    if genres:
        films = dict.fromkeys(titles[item] for claim in genres for item in claim.cited)
        also = "also " if parts else ""
        parts.append(f"It is {also}{listed([claim.attribute for claim in genres])}, like {listed(list(films)[:2])}")
    return " ".join(f"{part}{'' if place else LIKED}." for place, part in enumerate(parts))


def _link(claim: Claim, titles: Mapping[str, str]) -> str:
    name = claim.attribute if claim.kind == "person" else f"“{claim.attribute}”"
    return f"{name} links it to {listed([titles[item] for item in claim.cited])}"


def listed(words: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
