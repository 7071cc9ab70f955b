"""The four-section schema as Markdown; `from_markdown(to_markdown(p)) == p` for every profile."""

import re

from stages.contracts.rows import Profile
from stages.core.errors import AnswerError

_SECTIONS = ("Overview", "Attributes", "Description", "Dislikes")
_HEADING = re.compile(
    r"^#{1,4}[ \t]*\**(Overview|Attributes|Description|Dislikes)\**[ \t]*:?\**[ \t\r]*$",
    re.IGNORECASE | re.MULTILINE,
)
_ATTRIBUTE = re.compile(
    r"^\s*[-*•]*\s*\**(Genres?|Tags?)\**[ \t]*:[ \t]*\**", re.IGNORECASE | re.MULTILINE
)
_BULLET = re.compile(r"^\s*[-*•]\s+", re.MULTILINE)
_COMMA = re.compile(r",(?![^()]*\))|\n")


def to_markdown(profile: Profile) -> str:
    """The profile as the paper prints it."""
    dislikes = "\n".join(f"- {word}" for word in profile.dislikes)
    attributes = f"- **Genre**: {', '.join(profile.genres)}\n- **Tags**: {', '.join(profile.tags)}"
    bodies = (profile.overview, attributes, profile.description, dislikes)
    return (
        "\n\n".join(
            f"## {name}\n{body}".rstrip() for name, body in zip(_SECTIONS, bodies, strict=True)
        )
        + "\n"
    )


def from_markdown(text: str) -> Profile:
    """Read a profile back, even one that a model wrote with its own bullets and colons."""
    sections = _parts(_HEADING, text)
    missing = [name for name in _SECTIONS if name not in sections]
    if missing:
        raise AnswerError(f"the profile has no section {missing[0]}")
    lists = {
        name.rstrip("s"): words(body)
        for name, body in _parts(_ATTRIBUTE, sections["Attributes"]).items()
    }
    return Profile(
        overview=sections["Overview"],
        genres=lists.get("Genre", ()),
        tags=lists.get("Tag", ()),
        description=sections["Description"],
        dislikes=words(sections["Dislikes"]),
    )


def words(text: str) -> tuple[str, ...]:
    """The parts of a bulleted or comma-separated list; a comma in brackets does not separate."""
    return tuple(part for part in _COMMA.split(_BULLET.sub("", text)) if part.strip())


def _parts(heading: re.Pattern[str], text: str) -> dict[str, str]:
    parts = heading.split(text)
    return {
        name.capitalize(): body.strip() for name, body in zip(parts[1::2], parts[2::2], strict=True)
    }
