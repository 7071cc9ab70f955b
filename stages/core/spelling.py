"""What a mistyped name probably means."""

from collections.abc import Iterable
from difflib import SequenceMatcher

_LEAST_ALIKE = 0.6


def likeliest(name: str, known: Iterable[str]) -> str | None:
    """The known name that is most like `name`; None if none is like it, or two are equally so."""
    ranked = sorted(
        (
            (SequenceMatcher(None, name.casefold(), one.casefold()).ratio(), one)
            for one in set(known)
        ),
        reverse=True,
    )
    if not ranked or ranked[0][0] < _LEAST_ALIKE:
        return None
    (first, meant), *others = ranked
    return None if others and others[0][0] == first else meant


def suggestion(name: str, known: Iterable[str]) -> str:
    """The end of a message about an unknown name: the one probably meant, or all there are."""
    names = list(dict.fromkeys(known))
    meant = likeliest(name, names)
    return f"did you mean {meant}?" if meant else f"choose from {', '.join(names) or 'none'}"
