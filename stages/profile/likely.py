"""Profiles as long as a language model writes them, so that a rehearsal counts a model's tokens.

The offline rules write shorter ones. The lengths are the means of the profiles published for
MovieLens 100K, which a language model wrote: 1,591 of items and 909 of users.
"""

from itertools import chain, islice

from stages.contracts.rows import Profile
from stages.profile.lexicon import STEMS

_PROSE = (
    "A warm and thoughtful story about people who lose their way, and find each other again when "
    "it matters most. "
)
OVERVIEW, DESCRIPTION = 240, 480
"""Characters of an item's two texts."""
TAGS, DISLIKES = 6, 5
"""Words in an item's lists; published ones have 5.8 and 5.1."""
USER_OVERVIEW, USER_DESCRIPTION = 540, 780
"""Characters of a user's two texts."""


def lengthened(profile: Profile, overview: int, description: int) -> Profile:
    """The profile with texts of at least so many characters."""
    return profile.model_copy(
        update={
            "overview": _longer(profile.overview, overview),
            "description": _longer(profile.description, description),
        }
    )


def padded(words: tuple[str, ...], size: int) -> tuple[str, ...]:
    """So many words: the first ones, and any others if there are too few."""
    others = (word for word in STEMS if word not in words)
    return tuple(islice(chain(words, others), size))


def _longer(text: str, least: int) -> str:
    missing = max(least - len(text), 0)
    return f"{text} {(_PROSE * (missing // len(_PROSE) + 1))[:missing]}".strip()
