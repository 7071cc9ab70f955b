"""What makes a model's profile usable, and how much of it is read."""

from stages.contracts.rows import Profile

_LONGEST_WORD, _MOST_WORDS = 100, 60
_LISTS = ("genres", "tags", "dislikes")


def accepted_profile(value: Profile) -> Profile:
    """The profile without what is too long for a genre or a tag; a ValueError if it says nothing.

    A list ends after 60 words.
    """
    if not any(value.model_dump().values()):
        raise ValueError("every part of the profile is empty")
    lists = {
        name: tuple(word for word in getattr(value, name) if len(word) <= _LONGEST_WORD)
        for name in _LISTS
    }
    return value.model_copy(update={name: words[:_MOST_WORDS] for name, words in lists.items()})
