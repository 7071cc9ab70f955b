"""The four-section schema as Markdown, out and in; `from_markdown(to_markdown(p)) == p` for every profile."""

import re

from stages.contracts.rows import Profile
from stages.core.errors import AnswerError

SECTIONS = ("Overview", "Attributes", "Description", "Dislikes")
HEADING = re.compile(
    r"^#{1,4}[ \t]*\**(Overview|Attributes|Description|Dislikes)\**[ \t]*:?\**[ \t\r]*$",
    re.IGNORECASE | re.MULTILINE,
)
ATTRIBUTE = re.compile(
    r"^\s*[-*•]*\s*\**(Genres?|Tags?)\**[ \t]*:[ \t]*\**", re.IGNORECASE | re.MULTILINE
)
BULLET = re.compile(r"^\s*[-*•]\s+", re.MULTILINE)
COMMA = re.compile(r",(?![^()]*\))|\n")


def to_markdown(profile: Profile) -> str:
    """The profile as the paper prints it."""
    dislikes = "\n".join(f"- {word}" for word in profile.dislikes)
    attributes = f"- **Genre**: {', '.join(profile.genres)}\n- **Tags**: {', '.join(profile.tags)}"
    bodies = (profile.overview, attributes, profile.description, dislikes)
    return (
        "\n\n".join(
            f"## {name}\n{body}".rstrip() for name, body in zip(SECTIONS, bodies, strict=True)
        )
        + "\n"
    )


def from_markdown(text: str) -> Profile:
    """Read a profile back, also one that a model wrote with its own bullets and colons."""
    sections = _parts(HEADING, text)
    missing = [name for name in SECTIONS if name not in sections]
    if missing:
        raise AnswerError(f"the profile has no section {missing[0]}")
    found = {
        name.rstrip("s"): words(body)
        for name, body in _parts(ATTRIBUTE, sections["Attributes"]).items()
    }
    return Profile(
        overview=sections["Overview"],
        genres=found.get("Genre", ()),
        tags=found.get("Tag", ()),
        description=sections["Description"],
        dislikes=words(sections["Dislikes"]),
    )


def words(text: str) -> tuple[str, ...]:
    """The parts of a bulleted or comma-separated list; a comma inside brackets does not part."""
    return tuple(part for part in COMMA.split(BULLET.sub("", text)) if part.strip())


def _parts(heading: re.Pattern[str], text: str) -> dict[str, str]:
    parts = heading.split(text)
    return {
        name.capitalize(): body.strip() for name, body in zip(parts[1::2], parts[2::2], strict=True)
    }
