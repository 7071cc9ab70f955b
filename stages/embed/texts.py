"""Which texts stand for a profile: its sections or the whole, in windows where they are long."""

from collections.abc import Callable, Sequence

from stages.contracts.rows import ItemProfile, Profile, UserProfile
from stages.embed.params import EmbedParams, Form

Pieces = list[str]
"""The texts whose mean vector stands for one profile."""


def profile_texts(row: ItemProfile | UserProfile, form: Form, params: EmbedParams) -> Pieces:
    """The texts to embed for one profile, none empty, at least one."""
    if form == "integrated":
        return [row.integrated]
    texts = sections(row.profile, params.dislikes)
    return texts if params.pooling == "sections" else [" ".join(texts)]


def sections(profile: Profile, dislikes: bool) -> Pieces:
    """Overview, Attributes and Description, and Dislikes if asked for; empty ones are left out."""
    attributes = ". ".join(", ".join(words) for words in (profile.genres, profile.tags) if words)
    disliked = ", ".join(profile.dislikes) if dislikes else ""
    texts = (profile.overview, attributes, profile.description, disliked)
    return [text for text in texts if text] or ["No rating to go by yet."]


def windows(text: str, length: Callable[[str], int], most: int) -> Pieces:
    """`text`, halved at white space, or inside one word, until each part has `most` word pieces."""
    if length(text) <= most or len(text) < 2:
        return [text]
    words = text.split()
    gap, units = (" ", words) if len(words) > 1 else ("", list(text))
    half = len(units) // 2
    parts = (gap.join(units[:half]), gap.join(units[half:]))
    return [window for part in parts for window in windows(part, length, most)]


def longer_than(texts: Sequence[str], length: Callable[[str], int], most: int) -> int:
    """How many texts the model would cut."""
    return sum(length(text) > most for text in texts)
